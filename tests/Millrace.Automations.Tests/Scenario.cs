using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

/// <summary>An account with the short ways that tests of automations need. Everything runs through the real reactor and the real engine.</summary>
internal sealed class Scenario(TestKit.Product product, TestAccount account)
{
    public TestAccount Account => account;

    public static async Task<Scenario> NewAsync(TestKit.Product product) => new(product, await product.NewAccountAsync());

    public async Task<long> ImportAsync(string document, bool activate = true)
    {
        var answer = await account.PostAsync($"automations/import?activate={(activate ? "true" : "false")}", JsonNode.Parse(document)!);
        return long.Parse(answer["id"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Saves a draft without triggers over the present one.</summary>
    public async Task<JsonNode> SaveAsync(long automationId, string steps, string notes = "[]", string name = "Edited", Action<JsonObject>? settings = null)
    {
        var now = await account.GetAsync($"automations/{automationId}");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"automations/{automationId}");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{now["revision"]}\"");
        var document = JsonNode.Parse($$"""{ "entry": "any", "triggers": [], "steps": {{steps}} }""")!.AsObject();
        if (notes != "[]")
        {
            document["notes"] = JsonNode.Parse(notes);
        }

        settings?.Invoke(document);
        // As the imported one came: a member that is absent stays absent.
        foreach (var key in new[] { "entry", "triggers" }.Where(k => now["document"]![k] is null))
        {
            document.Remove(key);
        }

        request.Content = new StringContent(new JsonObject { ["name"] = name, ["document"] = document }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var saved = await account.App.SendAsync(request);
        var text = await saved.Content.ReadAsStringAsync();
        saved.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The contact's path as the API tells it.</summary>
    public async Task<JsonNode> WayAsync(long automationId, long contactId)
    {
        var run = await QueryAsync<long>(Sql.Of($"""
            select id from automations.run where account_id = {Account.Id} and automation_id = {automationId} and contact_id = {contactId}
            """));
        return await Account.GetAsync($"runs/{run}");
    }

    public async Task<long[]> ContactsAsync(int count)
    {
        await using var work = await account.BeginAsync();
        var ids = await Sql.Of($"""
            insert into contacts.contact (account_id, email, created_at, updated_at)
            select {account.Id}, 'p' || n || '-' || {Kernel.Security.RandomToken.New(6).ToLowerInvariant()} || '@example.org', {product.Now}, {product.Now}
            from generate_series(1, {count}) n returning id
            """).ListAsync<long>(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return [.. ids];
    }

    public async Task<long> ContactAsync() => (await ContactsAsync(1))[0];

    public async Task<long> TagAsync(string name)
    {
        await ExecuteAsync(Sql.Of($"insert into contacts.tag (account_id, name, created_at) values ({account.Id}, {name}, {product.Now}) on conflict do nothing"));
        return await QueryAsync<long>(Sql.Of($"select id from contacts.tag where account_id = {account.Id} and name = {name}"));
    }

    /// <summary>Tags the contacts, with the activity that belongs to it.</summary>
    public async Task TagThemAsync(string tag, params long[] contactIds)
    {
        var id = await TagAsync(tag);
        await using var work = await account.BeginAsync();
        await Sql.Of($"""
            insert into contacts.contact_tag (account_id, contact_id, tag_id, tagged_at)
            select {account.Id}, c, {id}, {product.Now} from unnest({contactIds}) c on conflict do nothing
            """).ExecuteAsync(work, CancellationToken.None);
        await Log.AppendAsync(work.Transaction, account.Id, [.. contactIds.Select(c => new TagAdded(c, id))], CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        Log.Wake();
    }

    public async Task HappenAsync<T>(params T[] activities)
        where T : class, IActivity
    {
        await using var work = await account.BeginAsync();
        await Log.AppendAsync(work.Transaction, account.Id, activities, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        Log.Wake();
    }

    public Task AddAsync(long automationId, params long[] contactIds) => account.PostAsync($"automations/{automationId}/contacts", new { contact_ids = contactIds });

    public Task<bool> HasTagAsync(long contactId, string tag) => QueryAsync<bool>(Sql.Of($"""
        select exists (select 1 from contacts.contact_tag t join contacts.tag g on g.account_id = t.account_id and g.id = t.tag_id
                       where t.account_id = {account.Id} and t.contact_id = {contactId} and g.name = {tag})
        """));

    public Task<long> RunsAsync(long automationId, long contactId) => QueryAsync<long>(
        Sql.Of($"select count(*) from automations.run where account_id = {account.Id} and automation_id = {automationId} and contact_id = {contactId}"));

    /// <summary><c>status:step</c> of the contact's newest run; empty when there is none.</summary>
    public async Task<string> StateAsync(long automationId, long contactId) => await QueryAsync<string>(Sql.Of($"""
        select status || ':' || coalesce(step_key, '') from automations.run
        where account_id = {account.Id} and automation_id = {automationId} and contact_id = {contactId} order by id desc limit 1
        """)) ?? string.Empty;

    /// <summary>Results of the steps left behind: <c>hello=done two=waited</c>.</summary>
    public async Task<string> PathAsync(long automationId, long contactId) => await QueryAsync<string>(Sql.Of($"""
        select string_agg(v.step_key || '=' || v.result, ' ' order by r.id, v.visit_no)
        from automations.run r join automations.step_visit v on v.account_id = r.account_id and v.run_id = r.id
        where r.account_id = {account.Id} and r.automation_id = {automationId} and r.contact_id = {contactId}
        """)) ?? string.Empty;

    public Task BecomesAsync(long automationId, long contactId, string state) => TestKit.Product.EventuallyAsync(
        async () => await StateAsync(automationId, contactId) == state, $"{state} (is {StateNow(automationId, contactId)})");

    public async Task<T?> QueryAsync<T>(Sql sql)
    {
        await using var work = await account.BeginAsync();
        return await sql.FirstAsync<T>(work, CancellationToken.None);
    }

    public async Task<List<T>> QueryListAsync<T>(Sql sql)
    {
        await using var work = await account.BeginAsync();
        return await sql.ListAsync<T>(work, CancellationToken.None);
    }

    public async Task ExecuteAsync(Sql sql)
    {
        await using var work = await account.BeginAsync();
        await sql.ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private IActivityLog Log => product.Services.GetRequiredService<IActivityLog>();

    private static string StateNow(long automationId, long contactId) => $"automation {automationId}, contact {contactId}";
}
