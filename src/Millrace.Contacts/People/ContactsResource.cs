using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Counting;
using Millrace.Kernel.Data;

namespace Millrace.Contacts.People;

internal sealed record ContactRow(
    long Id, string? Email, string FirstName, string LastName, string Phone, string? IpAddress, DateTimeOffset? BouncedAt, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt, string? TimeZone, JsonElement? LastSeen);

/// <summary><c>/api/3/contacts</c>: collection, record, and everything that hangs on a contact. Writes: <see cref="ContactWritesResource"/>.</summary>
internal sealed class ContactsResource(ContactHashes hashes, IEnumerable<IContactQueryFilter> others, IServiceProvider services) : V3Resource<ContactRow>
{
    private readonly V3ContactQuery _query = new(others);

    public override string Plural => "contacts";

    public override string Singular => "contact";

    public override string Model => "Subscriber";

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.Many("bounceLogs"), V3Relation.Many("contactAutomations") with { LinkQuery = "?limit=1000&orders%5Blastdate%5D=DESC" },
        V3Relation.Made<ContactRow>("contactData", "contactDatum", V3ContactData.View), V3Relation.Many("contactGoals"), V3Relation.Many("contactLists"),
        V3Relation.Many("contactLogs"), V3Relation.Many("contactTags"), V3Relation.Many("contactDeals", null, "contacts", "deals"), V3Relation.Many("deals"),
        V3Relation.Many("fieldValues"), V3Relation.Many("geoIps"), V3Relation.Many("notes"), V3Relation.Nothing("organization"),
        V3Relation.Nothing("plusAppend"), V3Relation.Many("trackingLogs"), V3Relation.Many("scoreValues"), V3Relation.Many("accountContacts"),
        V3Relation.OfAnotherModule("automationEntryCounts"),
    ];

    protected override Sql Columns { get; } = Sql.Of($"""
        c.id, c.email, c.first_name, c.last_name, c.phone, c.ip_address, c.bounced_at, c.created_at, c.updated_at, c.time_zone,
        (select to_jsonb(l) from contacts.last_seen l where l.account_id = c.account_id and l.contact_id = c.id)
        """);

    protected override Sql Table { get; } = Sql.Of($"contacts.contact c");

    protected override Sql AccountColumn { get; } = Sql.Of($"c.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"c.id");

    protected override V3Filters Filters => V3ContactQuery.Filters;

    protected override IReadOnlyList<string> AlwaysBeside { get; } =
        ["contactAutomations", "contactLists", "deals", "fieldValues", "geoIps.geoAddress", "accountContacts"];

    protected override long IdOf(ContactRow row) => row.Id;

    protected override IEnumerable<Sql> Where(V3Call call, V3Query query) => _query.Conditions(call, query);

    /// <summary>Members of a segment (<c>segmentid</c>), as it is at this moment.</summary>
    protected override async Task<Sql?> MoreAsync(AccountTransaction work, V3Call call)
    {
        if (SegmentOf(call) is not { } segmentId)
        {
            return null;
        }

        // Asked for late: the module that knows segments uses contacts, too.
        return await services.GetRequiredService<IContactSubsets>().OfSegmentAsync(work, call.Account.Id, segmentId, call.CancellationToken);
    }

    protected override Task<V3Result> FrameAsync(AccountTransaction work, V3Call call, Func<Task<V3Result>> list) => SegmentOf(call) is null
        ? list()
        : services.GetRequiredService<TimedLooks>().QuestionAsync(work, "segmentid", list, call.CancellationToken);

    private static long? SegmentOf(V3Call call) => V3Filters.Number(call.Request, "segmentid");

    protected override Sql OrderBy(V3Call call, V3Query query) => V3ContactQuery.Orders.OrderBy(query, IdColumn);

    /// <summary>Of everybody: from the kept count. Of a selection: counted.</summary>
    protected override Task<long> CountAsync(AccountTransaction work, V3Call call, Sql where) =>
        _query.Conditions(call, V3Query.Of(call.Request)).Count > 0 || SegmentOf(call) is not null
            ? base.CountAsync(work, call, where)
            : TotalAsync(work, call);

    public override Task<long> TotalAsync(AccountTransaction work, V3Call call) => ContactTotal.ReadAsync(work, call.Account.Id, call.CancellationToken);

    protected override Task AddAsync(AccountTransaction work, V3Call call, IReadOnlyList<ContactRow> rows, Dictionary<string, object?> body)
    {
        if (call.Request.RouteValues["id"] is null)
        {
            body["scoreValues"] = Array.Empty<object>();
        }

        return Task.CompletedTask;
    }

    protected override Task<object> MetaAsync(AccountTransaction work, V3Call call, V3Query query, IReadOnlyList<ContactRow> rows, long total)
    {
        long Number(string name) => V3Filters.Number(call.Request, name) ?? 0;
        return Task.FromResult<object>(new
        {
            total = new V3Id(total),
            sortable = true,
            page_input = new
            {
                segmentid = Number("segmentid"),
                formid = Number("formid"),
                listid = Number("listid"),
                tagid = Number("tagid"),
                limit = query.Limit,
                offset = query.Offset,
                search = call.Request.Query["search"].ToString() is { Length: > 0 } search ? search : null,
                sort = (string?)null,
                seriesid = Number("seriesid"),
                waitid = Number("waitid"),
                status = call.Request.Query.ContainsKey("status") ? Number("status") : -1,
                forceQuery = Number("forceQuery"),
                cacheid = hashes.Of(call.Account.Id, 0),
            },
        });
    }

    public override object View(ContactRow row, V3Call call) => Read(row, call);

    /// <summary>The full read shape.</summary>
    public Dictionary<string, object?> Read(ContactRow row, V3Call call)
    {
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["cdate"] = call.Iso(row.CreatedAt),
            ["email"] = row.Email ?? string.Empty,
            ["phone"] = row.Phone,
            ["firstName"] = row.FirstName,
            ["lastName"] = row.LastName,
            ["orgid"] = "0",
            ["orgname"] = string.Empty,
            ["segmentio_id"] = string.Empty,
            ["bounced_hard"] = row.BouncedAt is null ? "0" : "1",
            ["bounced_soft"] = "0",
            ["bounced_date"] = call.Iso(row.BouncedAt),
            ["ip"] = IpNumber(V3Seen.Text(row.LastSeen, "ip") ?? row.IpAddress),
            ["ua"] = null,
            ["hash"] = hashes.Of(call.Account.Id, row.Id),
            ["socialdata_lastcheck"] = null,
            ["email_local"] = string.Empty,
            ["email_domain"] = string.Empty,
            ["sentcnt"] = "0",
            ["rating_tstamp"] = null,
            ["gravatar"] = "0",
            ["deleted"] = "0",
            ["anonymized"] = "0",
            ["adate"] = null,
            ["udate"] = call.Iso(row.UpdatedAt),
            ["edate"] = null,
            ["deleted_at"] = null,
            ["created_utc_timestamp"] = V3Time.PlainUtc(row.CreatedAt),
            ["updated_utc_timestamp"] = V3Time.PlainUtc(row.UpdatedAt),
            ["created_timestamp"] = call.Plain(row.CreatedAt),
            ["updated_timestamp"] = call.Plain(row.UpdatedAt),
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
            ["links"] = Links(call, row.Id),
            ["id"] = new V3Id(row.Id),
            ["organization"] = null,
        };
    }

    public string HashOf(V3Call call, long id) => hashes.Of(call.Account.Id, id);

    /// <summary>IPv4 as an unsigned number in a string; anything else is 0.</summary>
    internal static string IpNumber(string? address) =>
        System.Net.IPAddress.TryParse(address, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(ip.GetAddressBytes()).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : "0";
}
