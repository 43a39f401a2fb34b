using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Npgsql;

namespace Millrace.Product.Tests.Rules;

/// <summary>The shape of the code base: who knows whom, what is public, what has shipped and may not change.</summary>
[Collection<OneProduct>]
public sealed class ModuleRulesTests(TestKit.Product product)
{
    /// <summary>References point to the left only; those of the last group may not know each other, but that 1:1 e-mail stands on Messaging.</summary>
    private static readonly string[] Order = ["Kernel", "Accounts", "Activities", "Api", "Contacts", "Segments"];

    private static readonly string[] ShippedActions =
    [
        "contact.delete", "email.send", "field.set", "flow.end", "flow.end_automation", "flow.goto", "flow.if", "flow.split", "flow.start_automation", "goal",
        "list.subscribe", "list.unsubscribe", "math.compute", "note.add", "owner.assign", "personal.send", "site_message.show", "tag.add", "tag.remove", "transactional.send", "user.notify", "wait.for",
        "wait.until", "wait.until_date", "wait.until_time", "webhook.post",
    ];

    private static readonly string[] ShippedTriggers =
    [
        "date.reached", "email.bounced", "email.clicked", "email.complained", "email.forwarded", "email.opened", "email.replied", "email.shared", "event.recorded",
        "field.changed", "goal.reached", "goal.skipped", "list.subscribed", "list.unsubscribed", "personal.clicked", "personal.file_downloaded", "personal.opened",
        "personal.replied", "personal.sent", "rss.updated", "tag.added", "tag.removed", "transactional.opened",
    ];

    private static readonly string[] ShippedConditions =
    [
        "automation", "bounced", "created", "device.browser", "device.kind", "device.mail_client", "device.os", "email", "field", "first_name", "full_name", "id",
        "ip_address", "last_name", "list", "now.date", "now.time", "now.weekday", "owner", "phone", "place.city", "place.country", "place.distance",
        "place.postal_code", "place.region", "segment", "source", "tag", "time_zone", "updated",
    ];

    private static readonly string[] ShippedReports =
        ["account.mails", "automation.endings", "automation.flow", "automation.goals", "automation.mails", "automation.steps", "campaign.bounces", "campaign.clients",
            "campaign.countries", "campaign.devices", "campaign.links", "campaign.overview", "campaign.variants", "mails.by_name", "mails.events"];

    private static readonly string[] ShippedRecords = ["entry", "note", "subscription"];

    private static readonly string[] ShippedKinds =
    [
        "automation.completed", "automation.ended", "automation.entered", "contact.created", "contact.deleted", "date.reached", "email.bounced", "email.clicked", "email.complained", "email.forwarded", "email.opened", "email.replied", "email.sent", "email.shared",
        "email.unsubscribed", "event.recorded", "field.changed", "goal.reached", "goal.skipped", "list.bounced", "list.subscribed", "list.unsubscribed", "note.added",
        "personal.bounced", "personal.clicked", "personal.file_downloaded", "personal.opened", "personal.replied", "personal.sent", "rss.updated", "tag.added", "tag.merged", "tag.removed", "transactional.bounced", "transactional.clicked", "transactional.delivered", "transactional.opened",
    ];

    private ModuleCatalog Modules => product.Services.GetRequiredService<ModuleCatalog>();

    [Fact]
    public void References_between_modules_point_one_way()
    {
        var wrong = new List<string>();
        foreach (var (_, assembly) in Modules.Modules)
        {
            var name = assembly.GetName().Name!["Millrace.".Length..];
            var rank = Array.IndexOf(Order, name) is >= 0 and var r ? r : Order.Length;
            wrong.AddRange(assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(a => a.StartsWith("Millrace.", StringComparison.Ordinal))
                .Select(a => a["Millrace.".Length..])
                .Where(a => !(name is "Messaging" or "PersonalMail" && a == "Mail") && !(name == "PersonalMail" && a == "Messaging") && (Array.IndexOf(Order, a) < 0 || Array.IndexOf(Order, a) >= rank))
                .Select(a => $"{name} -> {a}"));
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Public_types_of_a_module_are_its_contracts()
    {
        // Api is the dialect itself, which all resources use; Kernel has no business words. What else is public says why here.
        string[] reasons =
        [
            "Millrace.Accounts.Setup.AccountCreator", // made by commands of the host and by tests
            "Millrace.Accounts.Setup.Bootstrap", // run by the host when it starts
        ];
        var types = Modules.Modules.Where(m => m.Name is not ("kernel" or "api")).SelectMany(m => m.Assembly.GetExportedTypes())
            .Where(t => !t.IsNested && !typeof(IModule).IsAssignableFrom(t) && !(t.Namespace ?? "").EndsWith(".Contracts", StringComparison.Ordinal)
                && !(t.Namespace ?? "").Contains(".Contracts.", StringComparison.Ordinal) && !t.FullName!.StartsWith('<')
                && !t.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(t => t.FullName!).Except(reasons).Order(StringComparer.Ordinal);

        types.ShouldBeEmpty();
    }

    [Fact]
    public void What_has_shipped_is_still_there_and_everything_has_a_title()
    {
        Keys<AutomationAction>().ShouldBeWhatShipped(ShippedActions);
        Keys<AutomationTrigger>().ShouldBeWhatShipped(ShippedTriggers);
        Modules.Marked<SegmentConditionAttribute>().Select(m => m.Mark.Key).ShouldBeWhatShipped(ShippedConditions);
        Keys<Report>().ShouldBeWhatShipped(ShippedReports);
        Keys<RecordSet>().ShouldBeWhatShipped(ShippedRecords);
        Modules.Marked<ActivityKindAttribute>().Select(m => m.Mark.Key).ShouldBeWhatShipped(ShippedKinds);
        Modules.Marked<CatalogueEntryAttribute>().Where(m => string.IsNullOrWhiteSpace(m.Mark.Title)).Select(m => m.Type.FullName).ShouldBeEmpty();
    }

    [Fact]
    public async Task Primary_keys_lead_with_the_account()
    {
        string[] others =
        [
            "accounts.account", // the account itself
            "accounts.credential", // found by hash before the account is known
            "accounts.login", // found by address before the account is known
            "activities.bucket_lease", // of the processes, not of tenants
            "kernel.clock", "kernel.migration", // of the server
        ];
        await using var owner = new NpgsqlConnection(product.OwnerConnectionString);
        await owner.OpenAsync(TestContext.Current.CancellationToken);
        var keys = await Sql.Of($"""
            select n.nspname || '.' || c.relname
            from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
            where i.indisprimary and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and a.attname <> 'account_id'
            order by 1
            """).ListAsync<string>(owner, CancellationToken.None);

        keys.Except(others).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_committed_openapi_document_is_that_of_the_running_server()
    {
        using var client = new HttpClient { BaseAddress = product.Address };
        var text = await client.GetStringAsync(new Uri("/api/docs/app.json", UriKind.Relative), TestContext.Current.CancellationToken);
        // Where a route has no class, the document names the program that runs; here that is the test.
        var running = JsonNode.Parse(text.Replace("Millrace.Product.Tests", "millrace", StringComparison.Ordinal));
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Millrace.slnx")))
        {
            root = root.Parent!;
        }

        var committed = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(root.FullName, "web", "openapi", "millrace-app.json"), TestContext.Current.CancellationToken));
        JsonNode.DeepEquals(committed, running).ShouldBeTrue("write it anew: millrace openapi web/openapi/millrace-app.json");
    }

    private IEnumerable<string> Keys<T>()
        where T : CatalogueEntry => product.Services.GetRequiredService<Catalogue<T>>().All.Select(e => e.Key);
}

internal static class Shipped
{
    /// <summary>A removed key fails, and so does a new one until it is written into the list.</summary>
    public static void ShouldBeWhatShipped(this IEnumerable<string> keys, string[] shipped) =>
        keys.Order(StringComparer.Ordinal).ShouldBe(shipped.Order(StringComparer.Ordinal));
}
