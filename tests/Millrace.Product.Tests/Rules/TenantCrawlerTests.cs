using System.Net;
using System.Net.Http.Json;
using System.Text;
using Millrace.Kernel.Data;
using Millrace.TestKit;
using Npgsql;

namespace Millrace.Product.Tests.Rules;

/// <summary>One account walks over every route with the ids of another. Nothing may come out, nothing may change.</summary>
public sealed class TenantCrawlerTests(TestKit.Product product) : IClassFixture<TestKit.Product>
{
    private const string Marker = "Otherpeople";

    [Fact]
    public async Task No_get_route_shows_a_row_of_another_account()
    {
        var (mine, other, theirs) = await TwoAccountsAsync();
        var routes = Route.All(product).Where(r => r.IsApi && r.Method == "GET").ToList();
        var (leaks, seen) = (new List<string>(), 0);
        foreach (var route in routes)
        {
            var path = route.Fill(p => Seed.IdFor(route, p, theirs));
            foreach (var query in new[] { "", $"?search={Marker}&email={Marker}@seed.example&ids={theirs["contacts"]}&filters[contact]={theirs["contacts"]}&q={Marker}" })
            {
                seen += (await TextAsync(other, route, path + query)).Contains(Marker, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
                var text = await TextAsync(mine, route, path + query);
                // Error texts may repeat what was asked; the words of the rows are asked for by id only.
                if (query.Length == 0 && !path.Contains(Marker, StringComparison.Ordinal) && text.Contains(Marker, StringComparison.OrdinalIgnoreCase))
                {
                    leaks.Add($"{route}: {text[..Math.Min(200, text.Length)]}");
                }
                else if (query.Length > 0 && text.Contains("@seed.example", StringComparison.OrdinalIgnoreCase) && text.Contains(Marker, StringComparison.OrdinalIgnoreCase))
                {
                    leaks.Add($"{route} when searched: {text[..Math.Min(200, text.Length)]}");
                }
            }
        }

        leaks.ShouldBeEmpty();
        seen.ShouldBeGreaterThan(40, "the owner sees the marker, so that not to find it says something");
    }

    [Fact]
    public async Task No_unsafe_route_changes_a_row_of_another_account()
    {
        var (mine, other, theirs) = await TwoAccountsAsync();
        await other.SettledAsync();
        var before = await RowsAsync(other.Id);
        var wrong = new List<string>();
        foreach (var route in Route.All(product).Where(r => r.IsApi && r.Method != "GET" && r.HasPlaceholder))
        {
            var path = route.Fill(p => Seed.IdFor(route, p, theirs));
            foreach (var body in HostileBodies.For(route, all: true).Where(b => b.Length > 20).Take(60).Prepend("{}"u8.ToArray()))
            {
                using var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri(product.Address, path));
                if (route.Method != "DELETE")
                {
                    request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
                }

                using var answer = await (route.IsV3 ? mine.V3 : mine.App).SendAsync(request, TestContext.Current.CancellationToken);
                // Creating a reference is making one of one's own; its placeholder is a kind, not a row. Deleting a campaign always answers 200 in v3, and says that it did not.
                if ((int)answer.StatusCode is not (400 or 403 or 404 or 409 or 415 or 422) && route.Pattern != "/api/app/references/{source}"
                    && !(route.Pattern == "/api/3/campaigns/{id}" && (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).StartsWith("{\"succeeded\":0", StringComparison.Ordinal)))
                {
                    wrong.Add($"{route}: {(int)answer.StatusCode} on {Encoding.UTF8.GetString(body)[..Math.Min(body.Length, 100)]}");
                    break;
                }
            }
        }

        wrong.ShouldBeEmpty();
        (await RowsAsync(other.Id)).Except(before).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ids_of_another_account_in_a_body_are_refused_or_without_effect()
    {
        var (mine, other, theirs) = await TwoAccountsAsync();
        var own = await Seed.OneOfEverythingAsync(mine, "Mypeople");
        await other.SettledAsync();
        var before = await RowsAsync(other.Id);
        var bodies = new (string Path, object Body)[]
        {
            ("contactTags", new { contactTag = new { contact = theirs["contacts"], tag = own["tags"] } }),
            ("contactTags", new { contactTag = new { contact = own["contacts"], tag = theirs["tags"] } }),
            ("contactLists", new { contactList = new { contact = theirs["contacts"], list = own["lists"], status = 2 } }),
            ("contactLists", new { contactList = new { contact = own["contacts"], list = theirs["lists"], status = 1 } }),
            ("fieldValues", new { fieldValue = new { contact = theirs["contacts"], field = own["fields"], value = "x" } }),
            ("fieldValues", new { fieldValue = new { contact = own["contacts"], field = theirs["fields"], value = "x" } }),
            ("contactAutomations", new { contactAutomation = new { contact = theirs["contacts"], automation = own["automations"] } }),
            ("contactAutomations", new { contactAutomation = new { contact = own["contacts"], automation = theirs["automations"] } }),
            ("notes", new { note = new { note = "x", relid = theirs["contacts"], reltype = "Subscriber" } }),
            ("fieldRels", new { fieldRel = new { field = theirs["fields"], relid = own["lists"] } }),
            ("fieldOption/bulk", new { fieldOptions = new[] { new { field = theirs["fields"], label = "x", value = "x" } } }),
        };
        foreach (var (path, body) in bodies)
        {
            using var answer = await mine.V3.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
            ((int)answer.StatusCode).ShouldBeInRange(400, 499, path);
        }

        (await RowsAsync(other.Id)).Except(before).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_table_of_tenants_forces_row_level_security_and_shows_nothing_without_an_account()
    {
        // What has to be found before the account is known: by the hash of a secret, by the address at login, by the id in a tracking link.
        string[] open = ["accounts.credential", "accounts.login"];
        var (_, other, _) = await TwoAccountsAsync();
        await using var owner = new NpgsqlConnection(product.OwnerConnectionString);
        await owner.OpenAsync(TestContext.Current.CancellationToken);
        // Partitions are reached through their parent; the runtime role has no right on them at all.
        var tables = await Sql.Of($"""
            select n.nspname || '.' || c.relname, c.relrowsecurity and c.relforcerowsecurity
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')
              and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id' and not a.attisdropped)
            order by 1
            """).ListAsync<Protection>(owner, CancellationToken.None);
        tables.Count.ShouldBeGreaterThan(40);
        tables.Where(t => !t.Protected).Select(t => t.Table).ShouldBe(open);
        (await Sql.Of($"""
            select c.oid::regclass::text from pg_class c where c.relispartition and has_table_privilege('millrace', c.oid, 'select, insert, update, delete')
            """).ListAsync<string>(owner, CancellationToken.None)).ShouldBeEmpty();

        await using var runtime = new NpgsqlConnection(product.RuntimeConnectionString);
        await runtime.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var (table, _) in tables.Where(t => t.Protected))
        {
            (await CountAsync(runtime, table, null)).ShouldBe(0, table);
        }

        (await CountAsync(runtime, "contacts.contact", other.Id)).ShouldBe(1, "with the account there is something to see");
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string table, long? account)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        if (account is { } id)
        {
            command.CommandText = FormattableString.Invariant($"set local app.accounts = '{{{id}}}'");
            await command.ExecuteNonQueryAsync();
        }

#pragma warning disable CA2100 // The name comes from the catalogue of the database.
        command.CommandText = $"select count(*) from {table}";
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<(TestAccount Mine, TestAccount Other, Dictionary<string, string> Theirs)> TwoAccountsAsync()
    {
        var other = await product.NewAccountAsync();
        var theirs = await Seed.OneOfEverythingAsync(other, Marker);
        // What it sends tells of it later, and that is nobody else's doing.
        await TestKit.Product.EventuallyAsync(
            async () =>
            {
                await using var work = await other.BeginAsync();
                return await Sql.Of($"select count(distinct kind) = 2 from activities.activity where account_id = {other.Id} and kind in ('transactional.delivered', 'personal.sent')")
                    .FirstAsync<bool>(work, CancellationToken.None);
            },
            "its mails are sent");
        return (await product.NewAccountAsync(), other, theirs);
    }

    private async Task<string> TextAsync(TestAccount account, Route route, string path)
    {
        using var answer = await (route.IsV3 ? account.V3 : account.App).GetAsync(
            new Uri(product.Address, path), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.InternalServerError)
        {
            throw new InvalidOperationException($"{route} failed with 500.");
        }

        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        // It has no end; what there is to say on opening comes first.
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        return await stream.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }

    /// <summary>Fingerprints of all rows of the account, table by table, without what changes by itself.</summary>
    private async Task<List<string>> RowsAsync(long account)
    {
        await using var work = await AccountTransaction.BeginAsync(product.Database, account, CancellationToken.None);
        var prints = new List<string>();
        foreach (var table in new[]
        {
            "contacts.contact", "contacts.tag", "contacts.list", "contacts.field", "contacts.field_group", "contacts.field_option", "contacts.contact_tag", "contacts.subscription",
            "contacts.field_value", "contacts.note", "contacts.import", "messaging.message", "messaging.campaign", "messaging.campaign_variant", "messaging.sender_domain", "messaging.smtp_settings", "messaging.pause",
            "automations.automation", "automations.version", "automations.run", "automations.nudge", "tracking.event_name", "accounts.app_user", "activities.activity",
        })
        {
            await using var command = work.Transaction.Connection!.CreateCommand();
            command.Transaction = work.Transaction;
#pragma warning disable CA2100 // The names stand above.
            command.CommandText = $"select '{table} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t";
#pragma warning restore CA2100
            prints.Add((string)(await command.ExecuteScalarAsync())!);
        }

        return prints;
    }

    private sealed record Protection(string Table, bool Protected);
}
