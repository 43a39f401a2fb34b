using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Dialect;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Contacts.People;

/// <summary>A contact as v3 shows it.</summary>
internal sealed class V3Contacts(KeyRing keys)
{
    private static readonly string[] Relations =
    [
        "bounceLogs", "contactAutomations", "contactData", "contactGoals", "contactLists", "contactLogs", "contactTags", "contactDeals", "deals",
        "fieldValues", "geoIps", "notes", "organization", "plusAppend", "trackingLogs", "scoreValues", "accountContacts", "automationEntryCounts",
    ];

    private readonly byte[] _hashKey = keys.Derive("contact-hash");

    /// <summary>Columns of <see cref="ContactRow"/>, of a contact row <c>c</c>.</summary>
    public static readonly Sql Columns =
        Sql.Of($"c.id, c.email, c.first_name, c.last_name, c.phone, c.ip_address, c.bounced_at, c.created_at, c.updated_at");

    internal sealed record ContactRow(
        long Id, string? Email, string FirstName, string LastName, string Phone, string? IpAddress, DateTimeOffset? BouncedAt, DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt);

    public static Task<List<ContactRow>> RowsAsync(AccountTransaction work, long accountId, long[] ids, CancellationToken cancellationToken) =>
        Sql.Of($"select {Columns} from contacts.contact c where c.account_id = {accountId} and c.id = any({ids}) order by c.id")
            .ListAsync<ContactRow>(work, cancellationToken);

    public static async Task<ContactRow> RowAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        await Sql.Of($"select {Columns} from contacts.contact c where c.account_id = {accountId} and c.id = {id}")
            .FirstAsync<ContactRow>(work, cancellationToken) ?? throw V3Errors.NoResult("Subscriber", id);

    /// <summary>The full read shape. Callers add id arrays of what they load beside it.</summary>
    public Dictionary<string, object?> View(ContactRow row, HttpRequest request, CurrentAccount account)
    {
        var (created, updated) = (V3Time.Iso(row.CreatedAt, account.TimeZone), V3Time.Iso(row.UpdatedAt, account.TimeZone));
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["cdate"] = created,
            ["email"] = row.Email ?? string.Empty,
            ["phone"] = row.Phone,
            ["firstName"] = row.FirstName,
            ["lastName"] = row.LastName,
            ["orgid"] = "0",
            ["orgname"] = string.Empty,
            ["segmentio_id"] = string.Empty,
            ["bounced_hard"] = row.BouncedAt is null ? "0" : "1",
            ["bounced_soft"] = "0",
            ["bounced_date"] = V3Time.Iso(row.BouncedAt, account.TimeZone),
            ["ip"] = IpNumber(row.IpAddress),
            ["ua"] = null,
            ["hash"] = Hash(account.Id, row.Id),
            ["socialdata_lastcheck"] = null,
            ["email_local"] = string.Empty,
            ["email_domain"] = string.Empty,
            ["sentcnt"] = "0",
            ["rating_tstamp"] = null,
            ["gravatar"] = "0",
            ["deleted"] = "0",
            ["anonymized"] = "0",
            ["adate"] = null,
            ["udate"] = updated,
            ["edate"] = null,
            ["deleted_at"] = null,
            ["created_utc_timestamp"] = V3Time.PlainUtc(row.CreatedAt),
            ["updated_utc_timestamp"] = V3Time.PlainUtc(row.UpdatedAt),
            ["created_timestamp"] = V3Time.Plain(row.CreatedAt, account.TimeZone),
            ["updated_timestamp"] = V3Time.Plain(row.UpdatedAt, account.TimeZone),
            ["created_by"] = null,
            ["updated_by"] = null,
            ["mpp_tracking"] = "0",
            ["last_click_date"] = null,
            ["last_open_date"] = null,
            ["last_mpp_open_date"] = null,
            ["best_send_hour"] = null,
            ["email_empty"] = row.Email is null,
            ["scoreValues"] = Array.Empty<string>(),
            ["accountContacts"] = Array.Empty<string>(),
            ["links"] = Links(request, row.Id),
            ["id"] = new V3Id(row.Id),
            ["organization"] = null,
        };
    }

    public string Hash(long accountId, long id) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_hashKey, Encoding.ASCII.GetBytes(FormattableString.Invariant($"{accountId}/{id}"))).AsSpan(0, 16));

    public static Dictionary<string, string> Links(HttpRequest request, long id)
    {
        var links = new Dictionary<string, string>(V3Links.Of(request, "contacts", id, Relations), StringComparer.Ordinal);
        links["contactAutomations"] += "?limit=1000&orders%5Blastdate%5D=DESC";
        return links;
    }

    /// <summary>IPv4 as an unsigned number in a string; anything else is 0.</summary>
    private static string IpNumber(string? address) =>
        System.Net.IPAddress.TryParse(address, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(ip.GetAddressBytes()).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : "0";
}
