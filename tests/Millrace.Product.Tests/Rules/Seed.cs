using System.Text;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Product.Tests.Rules;

/// <summary>Fills an account with one of everything that the API can make, each bearing the marker in its text.</summary>
internal static class Seed
{
    /// <returns>Ids by the placeholder's use: <c>contacts</c>, <c>tags</c> and so on; the first literal segment of the routes that take them.</returns>
    public static async Task<Dictionary<string, string>> OneOfEverythingAsync(TestAccount account, string marker)
    {
        var lower = marker.ToLowerInvariant();
        var email = $"{lower}@seed.example";
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        ids["contacts"] = await V3Async(account, "contacts", "contact", new { email, firstName = marker });
        ids["tags"] = await V3Async(account, "tags", "tag", new { tag = marker, tagType = "contact" });
        ids["lists"] = await V3Async(account, "lists", "list", new { name = marker });
        ids["fields"] = await V3Async(account, "fields", "field", new { title = marker, type = "text" });
        ids["contactTags"] = await V3Async(account, "contactTags", "contactTag", new { contact = ids["contacts"], tag = ids["tags"] });
        ids["contactLists"] = await V3Async(account, "contactLists", "contactList", new { contact = ids["contacts"], list = ids["lists"], status = 1 });
        ids["fieldValues"] = await V3Async(account, "fieldValues", "fieldValue", new { contact = ids["contacts"], field = ids["fields"], value = marker });
        ids["notes"] = await V3Async(account, "notes", "note", new { note = marker, relid = ids["contacts"], reltype = "Subscriber" });
        ids["eventTrackingEvent"] = marker;
        await account.V3PostAsync("eventTrackingEvents", new { eventTrackingEvent = new { name = marker } });
        ids["field-groups"] = Id(await account.PostAsync("field-groups", new { name = marker }));
        ids["messages"] = Id(await account.PostAsync("messages", new { name = marker, subject = marker, html = $"<p>{marker}</p>", from_address = "ann@sender.example" }));
        ids["brand-kits"] = ids["brandings"] = Id(await account.PostAsync("brand-kits", new { name = marker, look = new { } }));
        ids["design-parts"] = Id(await account.PostAsync("design-parts", new { name = marker, section = new { columns = new[] { new { } } } }));
        ids["image-folders"] = Id(await account.PostAsync("image-folders", new { name = marker }));
        ids["images"] = await PictureAsync(account, marker);
        ids["templates"] = Id(await account.PostAsync("templates", new { name = marker, subject = marker, html = $"<p>{marker}</p>" }));
        ids["campaigns"] = Id(await account.PostAsync("campaigns", new
        {
            type = "standard",
            campaign = new { name = marker, list_ids = new[] { long.Parse(ids["lists"], System.Globalization.CultureInfo.InvariantCulture) } },
        }));
        ids["sender-domains"] = Id(await account.PostAsync("sender-domains", new { domain = $"{lower}.example" }));
        ids["exclusions"] = Id(await account.PostAsync("exclusions", new { pattern = $"{lower}@excluded.example" }));
        ids["message-variables"] = ids["personalizations"] = Id(await account.PostAsync("message-variables", new { name = marker, tag = $"V_{lower}", content = marker }));
        ids["api-keys"] = Id((await account.PostAsync("api-keys", new { name = marker })) is var key && key["id"] is not null ? key : key["key"]!);
        ids["users"] = account.UserId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        ids["automations"] = Id(await account.PostAsync("automations/import?activate=true", JsonNode.Parse($$"""
            { "name": "{{marker}}", "create": true, "steps": [ { "id": "stay", "type": "wait.for", "duration": "P9D" }, { "type": "tag.add", "tag": "{{marker}}" } ] }
            """)!));
        ids["automation-labels"] = Id(await account.PostAsync("automation-labels", new { name = marker }));
        await account.PostAsync("automations/labels", new { automation_ids = new[] { long.Parse(ids["automations"], System.Globalization.CultureInfo.InvariantCulture) }, add = new[] { long.Parse(ids["automation-labels"], System.Globalization.CultureInfo.InvariantCulture) } });
        await account.PostAsync($"automations/{ids["automations"]}/contacts", new { contact_ids = new[] { long.Parse(ids["contacts"], System.Globalization.CultureInfo.InvariantCulture) } });
        ids["runs"] = Id((await account.GetAsync($"contacts/{ids["contacts"]}/runs"))[0]!);
        ids["contactAutomations"] = ids["runs"];
        ids["segments"] = Id(await account.PostAsync("segments", new { name = marker, conditions = new { field = "first_name", op = "is", value = marker } }));
        ids["audiences"] = ids["segmentMatch"] = ids["segments"];
        ids["segmentsV2"] = ids["segmentMatchAll"] = ids["segmentMatchSome"] = ids["segments"];
        ids["matchRuns"] = (string)(await account.V3GetAsync($"segmentMatchAll/{ids["segments"]}"))["data"]![0]!["id"]!;
        ids["imports"] = await UploadAsync(account, marker);
        ids["bulk"] = Id(await account.PostAsync("contacts/bulk", new
        {
            action = "field.set",
            settings = new { field = -3, value = marker },
            contact_ids = new[] { long.Parse(ids["contacts"], System.Globalization.CultureInfo.InvariantCulture) },
        }));
        ids["views"] = Id(await account.PostAsync("views", new { area = "contacts", name = marker, definition = new { } }));
        ids["exports"] = Id(await account.PostAsync("exports", new { columns = new[] { "email" } }));
        await TransactionalAsync(account, marker, ids);
        await PersonalAsync(account, marker, ids);
        return ids;
    }

    private static async Task TransactionalAsync(TestAccount account, string marker, Dictionary<string, string> ids)
    {
        var server = await account.PostAsync("mail-servers", new { name = marker });
        ids["mail-servers"] = Id(server);
        ids["mail-streams"] = Id(server["streams"]![0]!);
        ids["mail-tokens"] = Id(await account.PostAsync($"mail-servers/{ids["mail-servers"]}/tokens", new { name = marker }));
        ids["mail-templates"] = Id(await account.PostAsync($"mail-servers/{ids["mail-servers"]}/templates", new { name = marker, subject = marker, html = $"<p>{marker}</p>" }));
        ids["mail-webhooks"] = Id(await account.PostAsync($"mail-servers/{ids["mail-servers"]}/webhooks", new { url = $"https://{marker}.example.com/", wants = new[] { "bounced" } }));
        ids["transactional-mails"] = Id(await account.PostAsync(
            $"mail-servers/{ids["mail-servers"]}/mails", new { from = "shop@sender.example", to = $"{marker}@seed.example", subject = marker, text = marker }));
    }

    private static async Task PersonalAsync(TestAccount account, string marker, Dictionary<string, string> ids)
    {
        ids["saved-response-categories"] = Id(await account.PostAsync("saved-response-categories", new { name = marker }));
        ids["saved-responses"] = ids["savedResponses"] = Id(await account.PostAsync("saved-responses", new { title = marker, subject = marker, body = marker }));
        var draft = new { subject = marker, body = $"<p>{marker}</p>" };
        await account.PutAsync($"contacts/{ids["contacts"]}/personal-draft", draft);
        ids["personal-mails"] = Id(await account.PostAsync($"contacts/{ids["contacts"]}/personal-draft/send", new { }));
        await account.PutAsync($"contacts/{ids["contacts"]}/personal-draft", draft);

        // Connecting one would ask its servers. Nobody looks into this one.
        await using var work = await account.BeginAsync();
        var now = account.Product.Now;
        ids["mailboxes"] = (await Sql.Of($"""
            insert into personal.mailbox (account_id, user_id, email, name, imap_host, imap_port, imap_tls, smtp_host, smtp_port, smtp_tls, user_name, password, due_at, created_at, updated_at)
            values ({account.Id}, {account.UserId}, {$"{marker}@seed.example".ToLowerInvariant()}, {marker}, 'imap.seed.example', 993, 'implicit', 'smtp.seed.example', 465, 'implicit', {marker}, '', {now.AddYears(1)}, {now}, {now})
            returning id
            """).FirstAsync<long>(work, TestContext.Current.CancellationToken)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await work.CommitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The id that stands for a placeholder of this route.</summary>
    public static string IdFor(Route route, string placeholder, IReadOnlyDictionary<string, string> ids)
    {
        var owner = placeholder switch
        {
            "tagId" => "tags",
            "listId" => "lists",
            "contactId" => "contacts",
            "automationId" => "automations",
            "runId" when route.Pattern.Contains("segmentMatch", StringComparison.Ordinal) => "matchRuns",
            "runId" => "runs",
            "number" or "no" => null,
            _ when route.Pattern.Contains("/contacts/bulk/", StringComparison.Ordinal) => "bulk",
            _ => route.Pattern.Split('/')[3],
        };
        return owner switch
        {
            null => "1",
            "references" => "tag",
            _ => ids.GetValueOrDefault(owner, "1"),
        };
    }

    /// <summary>The smallest GIF there is, under a name that bears the marker.</summary>
    private static async Task<string> PictureAsync(TestAccount account, string marker)
    {
        using var gif = new ByteArrayContent(Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="));
        gif.Headers.ContentType = new("image/gif");
        using var answer = await account.App.PostAsync(new Uri($"images?name={marker}", UriKind.Relative), gif);
        return Id(JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!);
    }

    private static async Task<string> V3Async(TestAccount account, string path, string wrapper, object value) =>
        Id((await account.V3PostAsync(path, new Dictionary<string, object> { [wrapper] = value }))[wrapper]!);

    private static string Id(JsonNode node) => node["id"]!.ToString();

    private static async Task<string> UploadAsync(TestAccount account, string marker)
    {
        using var content = new StringContent($"email,name\nother{marker}@seed.example,{marker}\n", Encoding.UTF8, "text/csv");
        using var answer = await account.App.PostAsync(new Uri($"imports?name={marker}.csv", UriKind.Relative), content, TestContext.Current.CancellationToken);
        return Id(JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}
