using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Contacts.Tests.Import;

/// <summary>Short ways for tests of the import. Everything goes over HTTP, as the UI does it.</summary>
internal static class Imports
{
    public static Task<long> UploadAsync(this TestAccount account, string csv) => account.UploadAsync(Encoding.UTF8.GetBytes(csv));

    public static async Task<long> UploadAsync(this TestAccount account, byte[] csv)
    {
        using var response = await account.PostCsvAsync(csv, "text/csv");
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        return (long)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!;
    }

    public static Task<HttpResponseMessage> PostCsvAsync(this TestAccount account, byte[] csv, string mediaType)
    {
        var content = new ByteArrayContent(csv);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return account.App.PostAsync(new Uri("imports?name=people.csv", UriKind.Relative), content);
    }

    public static object Column(string target, long? fieldId = null) => new { target, field_id = fieldId };

    /// <summary>Uploads, starts, and returns the import when it is over.</summary>
    /// <param name="columns">Targets; a number is a custom field's id.</param>
    public static async Task<JsonNode> ImportAsync(this TestAccount account, string csv, object[] columns, JsonObject? options = null)
    {
        var id = await account.UploadAsync(csv);
        await account.StartAsync(id, columns, options);
        return await account.FinishedAsync(id);
    }

    public static Task<JsonNode> StartAsync(this TestAccount account, long id, object[] columns, JsonObject? options = null) =>
        account.PostAsync($"imports/{id}/start", StartBody(columns, options));

    public static JsonObject StartBody(object[] columns, JsonObject? options)
    {
        var body = new JsonObject
        {
            ["delimiter"] = ",",
            ["has_header"] = true,
            ["columns"] = new JsonArray([.. columns.Select(c => c switch
            {
                long id => new JsonObject { ["target"] = "field", ["field_id"] = id },
                JsonObject given => given,
                _ => new JsonObject { ["target"] = (string)c },
            })]),
        };
        foreach (var (key, value) in options ?? [])
        {
            body[key] = value?.DeepClone();
        }

        return body;
    }

    public static async Task<JsonNode> FinishedAsync(this TestAccount account, long id)
    {
        JsonNode view = new JsonObject();
        await Product.EventuallyAsync(
            async () => (string)(view = await account.GetAsync($"imports/{id}"))["state"]! is "finished" or "failed" or "cancelled", $"import {id} is over", seconds: 60);
        return view;
    }

    /// <summary>The rejected rows' line and reason.</summary>
    public static async Task<List<(long Line, string Code)>> RejectedAsync(this TestAccount account, long id)
    {
        await using var work = await account.BeginAsync();
        var rows = await Sql.Of($"select line, code from contacts.import_reject where account_id = {account.Id} and import_id = {id} order by line")
            .ListAsync<Rejected>(work, CancellationToken.None);
        return [.. rows.Select(r => (r.Line, r.Code))];
    }

    /// <summary>One text per contact: address, names, values, tags, lists. What two imports have to agree in.</summary>
    public static async Task<List<string>> PeopleAsync(this TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select concat_ws('|', c.email, c.first_name, c.last_name, c.phone,
                (select string_agg(f.key || '=' || v.value, ',' order by f.key) from contacts.field_value v join contacts.field f on f.account_id = v.account_id and f.id = v.field_id
                 where v.account_id = c.account_id and v.contact_id = c.id),
                (select string_agg(t.name, ',' order by t.name) from contacts.contact_tag x join contacts.tag t on t.account_id = x.account_id and t.id = x.tag_id
                 where x.account_id = c.account_id and x.contact_id = c.id),
                (select string_agg(s.status, ',' order by s.list_id) from contacts.subscription s where s.account_id = c.account_id and s.contact_id = c.id),
                (select string_agg(a.kind, ',' order by a.kind, a.id) from activities.activity a where a.account_id = c.account_id and a.contact_id = c.id))
            from contacts.contact c where c.account_id = {account.Id} order by c.email
            """).ListAsync<string>(work, CancellationToken.None);
    }

    public static async Task<long> NewFieldAsync(this TestAccount account, string name, string type)
    {
        await using var work = await account.BeginAsync();
        var id = await Sql.Of($"""
            insert into contacts.field (account_id, name, key, type, created_at, updated_at)
            values ({account.Id}, {name}, {name.ToUpperInvariant()}, {type}, {account.Product.Now}, {account.Product.Now}) returning id
            """).FirstAsync<long>(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return id;
    }

    public static async Task<long> NewListAsync(this TestAccount account, string name = "News")
    {
        await using var work = await account.BeginAsync();
        var id = await Sql.Of($"""
            insert into contacts.list (account_id, name, string_id, created_at, updated_at)
            values ({account.Id}, {name}, {name.ToLowerInvariant()}, {account.Product.Now}, {account.Product.Now}) returning id
            """).FirstAsync<long>(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return id;
    }

    private sealed record Rejected(long Line, string Code);
}
