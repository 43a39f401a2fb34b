using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Campaigns;

/// <summary>Short ways to lists, campaigns and what became of them.</summary>
internal static class Campaigning
{
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

    public static async Task PutOnListAsync(this TestAccount account, long list, IEnumerable<long> contacts, string status = "active")
    {
        await using var work = await account.BeginAsync();
        await Sql.Of($"""
            insert into contacts.subscription (account_id, contact_id, list_id, status, subscribed_at, created_at, updated_at)
            select {account.Id}, c, {list}, {status}, {account.Product.Now}, {account.Product.Now}, {account.Product.Now} from unnest({contacts.ToArray()}) c
            """).ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    /// <summary>Contacts <c>{prefix}1@x.example</c> and so on, active on the list.</summary>
    public static async Task<long[]> PeopleAsync(this TestAccount account, long list, int count, string prefix = "p", string? zone = null)
    {
        await using var work = await account.BeginAsync();
        var ids = await Sql.Of($"""
            insert into contacts.contact (account_id, email, first_name, time_zone, created_at, updated_at)
            select {account.Id}, {prefix} || n || '@campaign.example', 'Bob', {zone}, {account.Product.Now}, {account.Product.Now} from generate_series(1, {count}) n returning id
            """).ListAsync<long>(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        await account.PutOnListAsync(list, ids);
        return [.. ids];
    }

    /// <summary>A campaign that can be sent.</summary>
    public static async Task<long> CampaignAsync(this TestAccount account, string type, long list, object? settings = null, string subject = "Hello %FIRSTNAME%")
    {
        var input = new JsonObject { ["name"] = "Campaign", ["list_ids"] = new JsonArray(list) };
        foreach (var (key, value) in settings is null ? [] : (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(settings)!)
        {
            input[key] = value?.DeepClone();
        }

        var made = await account.PostAsync("campaigns", new { type, campaign = input });
        var id = made["id"]!.GetValue<long>();
        foreach (var variant in made["variants"]!.AsArray())
        {
            await account.WriteAsync(variant!["message_id"]!.GetValue<long>(), variant["no"]!.GetValue<int>() == 1 ? subject : subject + " B");
        }

        return id;
    }

    public static Task<JsonNode> WriteAsync(this TestAccount account, long message, string subject, string html = "<p>Hi %FIRSTNAME|there%, <a href=\"https://shop.example/\">look</a></p>") =>
        account.PutAsync($"messages/{message}", new { name = "Mail", subject, html, from_name = "Ann", from_address = "ann@sender.example" });

    public static Task<JsonNode> ShowAsync(this TestAccount account, long id) => account.GetAsync($"campaigns/{id}");

    public static Task<JsonNode> DoAsync(this TestAccount account, long id, string what, object? body = null) => account.PostAsync($"campaigns/{id}/{what}", body ?? new { });

    public static Task<JsonNode> LaunchAsync(this TestAccount account, long id, bool atOnce = false) => account.DoAsync(id, "launch", new { at_once = atOnce });

    public static async Task<JsonNode> UntilAsync(this TestAccount account, long id, string status, double seconds = 20)
    {
        JsonNode last = new JsonObject();
        try
        {
            await Product.EventuallyAsync(async () => (last = await account.ShowAsync(id))["status"]!.GetValue<string>() == status, $"the campaign is {status}", seconds);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; it is {last["status"]} because of {last["hold_reason"]}", e);
        }

        return last;
    }

    public static async Task<List<CampaignSendRow>> SendsOfAsync(this TestAccount account, long id)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select id, contact_id, message_id, state, reason, next_at, visit_no, attempts from messaging.send
            where account_id = {account.Id} and source_kind = 'campaign' and source_id = {id} order by contact_id, visit_no
            """).ListAsync<CampaignSendRow>(work, CancellationToken.None);
    }

    /// <summary>Waits until the audience has become rows.</summary>
    public static Task FrozenAsync(this TestAccount account, long id) =>
        Product.EventuallyAsync(async () => (await account.ShowAsync(id))["frozen_at"] is not null, "the audience is frozen");

    /// <summary>What the figures of a campaign add up to at this moment.</summary>
    public static async Task AddsUpAsync(this TestAccount account, long id)
    {
        var progress = await account.GetAsync($"campaigns/{id}/progress");
        string[] states = ["queued", "handoff", "ambiguous", "deferred_count", "sent", "failed", "suppressed", "cancelled", "unknown"];
        states.Sum(s => progress[s]!.GetValue<long>()).ShouldBe(progress["recipients"]!.GetValue<long>());
    }

    public static string In(this DateTimeOffset instant, string format = "yyyy-MM-dd'T'HH:mm") => instant.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>The mails that arrived at addresses that begin like this.</summary>
    public static int ArrivedAt(this MailProduct product, string prefix) =>
        product.Sink.Messages.Count(m => m.To[0].StartsWith(prefix, StringComparison.Ordinal));
}

internal sealed record CampaignSendRow(long Id, long ContactId, long MessageId, string State, string? Reason, DateTimeOffset? NextAt, int VisitNo, short Attempts);
