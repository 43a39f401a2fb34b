using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.TestKit;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>What the script of a rule can do. All rules share an account; a number keeps their names apart.</summary>
internal sealed class Case(Product product, TestAccount account, int number, Func<TimeSpan, Task> sleep)
{
    private readonly List<long> _automations = [];
    private readonly List<long> _contacts = [];

    public Scenario Scenario { get; } = new(product, account);

    public long AccountId => account.Id;

    public DateTimeOffset Now => product.Now;

    public IServiceProvider Services => product.Services;

    /// <summary>A name of this rule's own.</summary>
    public string Own(string name) => $"{name} {number}";

    /// <summary>Publishes and activates an automation. <c>~</c> in a text becomes this rule's number.</summary>
    /// <param name="document">Without a name and <c>create</c>.</param>
    public async Task<long> AutomationAsync(string document, string name = "Rule", bool activate = true)
    {
        var json = Parse(document);
        json["name"] = Own(name);
        json["create"] = true;
        var id = await Scenario.ImportAsync(json.ToJsonString(), activate);
        _automations.Add(id);
        return id;
    }

    /// <summary>An automation without triggers.</summary>
    public Task<long> StepsAsync(string steps, string name = "Rule") => AutomationAsync($$"""{ "triggers": [], "steps": {{steps}} }""", name);

    /// <summary>Publishes other steps; names of things must exist already and are ids here.</summary>
    /// <param name="settings">Changes the rest of the document.</param>
    public async Task<JsonNode> RepublishAsync(long automation, string steps, Action<JsonObject>? settings = null)
    {
        await Scenario.SaveAsync(automation, Words(steps), name: Own("Rule"), settings: settings);
        return await account.PostAsync($"automations/{automation}/publish", new { });
    }

    /// <summary>Codes of what forbids publishing other steps.</summary>
    public async Task<string[]> RefusedAsync(long automation, string steps)
    {
        await Scenario.SaveAsync(automation, Words(steps), name: Own("Rule"));
        var check = await account.PostAsync($"automations/{automation}/check", new { });
        return [.. check["problems"]!.AsArray().Where(p => p!["severity"]!.GetValue<string>() == "error").Select(p => p!["code"]!.GetValue<string>())];
    }

    /// <summary>Codes of everything wrong or doubtful in a document that is not imported before.</summary>
    public async Task<string[]> ProblemsAsync(string steps)
    {
        using var answer = await account.App.PostAsync(
            new Uri("automations/import", UriKind.Relative),
            new StringContent(
                new JsonObject { ["name"] = Own("Problems " + Kernel.Security.RandomToken.New(6)), ["create"] = true, ["steps"] = JsonNode.Parse(Words(steps)) }.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return [.. (body["errors"] ?? body["warnings"])!.AsArray().Select(p => p!["code"]!.GetValue<string>())];
    }

    /// <summary>Imports a document of a rule that expects to be refused.</summary>
    public async Task<HttpResponseMessage> ImportAsync(string document, bool activate)
    {
        var json = Parse(document);
        json["name"] = Own("Imported");
        json["create"] = true;
        return await account.App.PostAsync(
            new Uri($"automations/import?activate={(activate ? "true" : "false")}", UriKind.Relative),
            new StringContent(json.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
    }

    /// <summary>Returns when the triggers of this rule that time sets off have been asked about the present time.</summary>
    public async Task AskedAsync()
    {
        await Product.EventuallyAsync(
            async () => !await Scenario.QueryAsync<bool>(Sql.Of($"""
                select exists (select 1 from automations.schedule where account_id = {AccountId} and automation_id = any ({_automations.ToArray()}) and next_check_at <= {Now})
                """)),
            $"rule {number} has been asked", 60);
        await SettledAsync();
    }

    public Task PostAsync(string path) => account.PostAsync(path, new { });

    public async Task<long> ContactAsync(string? timeZone = null)
    {
        var id = await Scenario.ContactAsync();
        _contacts.Add(id);
        if (timeZone is not null)
        {
            await Scenario.ExecuteAsync(Sql.Of($"update contacts.contact set time_zone = {timeZone} where account_id = {AccountId} and id = {id}"));
        }

        return id;
    }

    public async Task<long[]> ContactsAsync(int count)
    {
        var ids = await Scenario.ContactsAsync(count);
        _contacts.AddRange(ids);
        return ids;
    }

    public async Task<long> FieldAsync(string type, string name = "Field")
    {
        var made = await account.PostAsync("fields", new { name = Own(name), type });
        return Number(made["id"]!);
    }

    public Task SetAsync(long contact, long field, string? value) =>
        account.PatchAsync($"contacts/{contact}", new JsonObject { ["fields"] = new JsonObject { [field.ToString(CultureInfo.InvariantCulture)] = value } });

    public async Task<string?> ValueAsync(long contact, long field) => await Scenario.QueryAsync<string>(
        Sql.Of($"select value from contacts.field_value where account_id = {AccountId} and contact_id = {contact} and field_id = {field}"));

    public Task TagAsync(string tag, params long[] contacts) => Scenario.TagThemAsync(Own(tag), contacts);

    public async Task UntagAsync(string tag, long contact)
    {
        var id = await Scenario.TagAsync(Own(tag));
        await Scenario.ExecuteAsync(Sql.Of($"delete from contacts.contact_tag where account_id = {AccountId} and contact_id = {contact} and tag_id = {id}"));
        await HappenAsync(new Contacts.Contracts.TagRemoved(contact, id));
    }

    public Task<bool> HasTagAsync(long contact, string tag) => Scenario.HasTagAsync(contact, Own(tag));

    public Task HappenAsync<T>(params T[] activities)
        where T : class, IActivity => Scenario.HappenAsync(activities);

    public async Task AddAsync(long automation, params long[] contacts)
    {
        await Scenario.AddAsync(automation, contacts);
        await SettledAsync();
    }

    public Task<string> StateAsync(long automation, long contact) => Scenario.StateAsync(automation, contact);

    public Task<string> PathAsync(long automation, long contact) => Scenario.PathAsync(automation, contact);

    public Task<long> EntriesAsync(long automation, long contact) => Scenario.RunsAsync(automation, contact);

    public Task BecomesAsync(long automation, long contact, string state) => Scenario.BecomesAsync(automation, contact, state);

    /// <summary>Virtual time passes; then everything due in this rule's automations is done.</summary>
    public async Task AfterAsync(TimeSpan time)
    {
        await sleep(time);
        await SettledAsync();
    }

    public Task DaysAsync(double days) => AfterAsync(TimeSpan.FromDays(days));

    /// <summary>Returns when nothing that concerns this rule is under way at the present time.</summary>
    public Task SettledAsync() => Product.EventuallyAsync(
        async () => !await Scenario.QueryAsync<bool>(Sql.Of($"""
            select exists (select 1 from automations.run where account_id = {AccountId} and automation_id = any ({_automations.ToArray()})
                             and status in ('active', 'waiting') and not frozen and due_at <= {Now})
                or exists (select 1 from automations.nudge n join automations.run r on r.account_id = n.account_id and r.id = n.run_id
                           where n.account_id = {AccountId} and r.automation_id = any ({_automations.ToArray()}))
                or exists (select 1 from activities.activity_queue where account_id = {AccountId} and contact_id = any ({_contacts.ToArray()}))
            """)),
        $"rule {number} settles", 60);

    private string Words(string text) => text.Replace("~", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private JsonObject Parse(string document) => JsonNode.Parse(Words(document))!.AsObject();

    private static long Number(JsonNode node) => long.Parse(node.ToString(), CultureInfo.InvariantCulture);
}
