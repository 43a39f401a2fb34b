using System.Globalization;
using System.Text;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Integrations.Webhooks;

/// <summary>The contact as the original's webhooks send it: form-encoded, bracket keys (api-v3, payload blocks). Read set-wise from Contacts' tables.</summary>
internal static class ContactForm
{
    public static async Task<Dictionary<long, string>> BuildAsync(
        NpgsqlTransaction transaction, long accountId, long[] contactIds, CancellationToken cancellationToken)
    {
        var rows = await Sql.Of($"""
            select c.id, coalesce(c.email, ''), c.first_name, c.last_name, c.phone, coalesce(c.ip_address, ''),
                   (select string_agg(t.name, ', ' order by t.name)
                    from contacts.contact_tag ct join contacts.tag t on t.account_id = ct.account_id and t.id = ct.tag_id
                    where ct.account_id = c.account_id and ct.contact_id = c.id),
                   (select array_agg(array[lower(f.key), v.value] order by f.position, f.id)
                    from contacts.field_value v join contacts.field f on f.account_id = v.account_id and f.id = v.field_id
                    where v.account_id = c.account_id and v.contact_id = c.id)
            from contacts.contact c
            where c.account_id = {accountId} and c.id = any ({contactIds})
            """).ListAsync<ContactRow>(transaction, cancellationToken);
        return rows.ToDictionary(r => r.Id, Encode);
    }

    private static string Encode(ContactRow row)
    {
        var form = new StringBuilder();
        Add(form, "contact[id]", row.Id.ToString(CultureInfo.InvariantCulture));
        Add(form, "contact[email]", row.Email);
        Add(form, "contact[first_name]", row.FirstName);
        Add(form, "contact[last_name]", row.LastName);
        Add(form, "contact[phone]", row.Phone);
        Add(form, "contact[ip]", row.IpAddress);
        Add(form, "contact[ip4]", row.IpAddress);
        Add(form, "contact[tags]", row.Tags ?? string.Empty);
        for (var i = 0; i < (row.Fields?.GetLength(0) ?? 0); i++)
        {
            Add(form, $"contact[fields][{row.Fields![i, 0]}]", row.Fields[i, 1]);
        }

        return form.ToString();
    }

    private static void Add(StringBuilder form, string key, string value)
    {
        if (form.Length > 0)
        {
            form.Append('&');
        }

        form.Append(Uri.EscapeDataString(key)).Append('=').Append(Uri.EscapeDataString(value));
    }

    private sealed record ContactRow(
        long Id, string Email, string FirstName, string LastName, string Phone, string IpAddress, string? Tags, string[,]? Fields);
}
