using System.Globalization;
using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Product.Tests.Crash;

/// <summary>
/// Workers are killed with SIGKILL at random moments while 10,000 contacts walk through an automation. Afterwards the facts are compared
/// with what must be: nothing lost, nothing twice, and copies of a mail only where the other side may have had it before the kill.
/// </summary>
public sealed class KilledWorkersTests(WebOnlyProduct product, ITestOutputHelper output) : IClassFixture<WebOnlyProduct>
{
    private const int Contacts = 10_000;
    private static readonly int Kills = WorkerProcess.Kills(8);

    [Fact]
    public async Task Ten_thousand_runs_survive_kills_without_loss_or_double_effect()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var account = await product.NewAccountAsync();
        var automation = await ImportAutomationAsync(account);
        await SubscribeAsync(account);

        var kills = await KillWhileWorkingAsync(account, automation, random);
        output.WriteLine($"{kills} kills");

        kills.ShouldBeGreaterThanOrEqualTo(Kills);
        await EveryRunEndedWhereItMustAsync(account, automation);
        await NoEffectHappenedTwiceAsync(account);
        await EveryMailArrivedAsync(account);
    }

    private static async Task<long> ImportAutomationAsync(TestAccount account)
    {
        var answer = await account.PostAsync("automations/import?activate=true", new
        {
            name = "Survivor",
            create = true,
            triggers = new object[] { new { type = "list.subscribed", list = "Everyone" } },
            steps = new object[]
            {
                new { type = "tag.add", tag = "began" },
                new { type = "email.send", id = "hello", subject = "Hello %FIRSTNAME%", html = "<p>Hello %FIRSTNAME%, <a href=\"https://example.com/\">go</a></p>" },
                new { type = "wait.for", duration = "PT1S" },
                new Dictionary<string, object>
                {
                    ["type"] = "flow.if",
                    ["conditions"] = new { all = new object[] { new { field = "first_name", op = "is", value = "Even" } } },
                    ["yes"] = new object[] { new { type = "tag.add", tag = "even" } },
                    ["no"] = new object[] { new { type = "tag.add", tag = "odd" } },
                },
                new { type = "tag.add", tag = "ended" },
            },
        });
        return long.Parse(answer["id"]!.ToString(), CultureInfo.InvariantCulture);
    }

    /// <summary>Contacts and subscriptions set-wise, with the activities that start the runs.</summary>
    private static async Task SubscribeAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        await Sql.Of($"""
            insert into contacts.contact (account_id, email, first_name, created_at, updated_at)
            select {account.Id}, 'person' || n || '@example.com', case when n % 2 = 0 then 'Even' else 'Odd' end, now(), now()
            from generate_series(1, {Contacts}) n
            """).ExecuteAsync(work, CancellationToken.None);
        await Sql.Of($"""
            insert into contacts.subscription (account_id, contact_id, list_id, status, subscribed_at, created_at, updated_at)
            select c.account_id, c.id, l.id, 'active', now(), now(), now()
            from contacts.contact c join contacts.list l on l.account_id = c.account_id where c.account_id = {account.Id}
            """).ExecuteAsync(work, CancellationToken.None);
        await Sql.Of($"""
            with appended as (
                insert into activities.activity (account_id, contact_id, occurred_at, kind, subject_id, data)
                select account_id, contact_id, clock_timestamp(), 'list.subscribed', list_id,
                       jsonb_build_object('contact_id', contact_id, 'list_id', list_id, 'source', 'test')
                from contacts.subscription where account_id = {account.Id}
                returning account_id, id, contact_id, occurred_at, kind)
            insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind)
            select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind from appended
            """).ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private async Task<int> KillWhileWorkingAsync(TestAccount account, long automation, Random random)
    {
        var workers = new List<WorkerProcess> { product.StartWorker(), product.StartWorker() };
        var kills = 0;
        try
        {
            while (kills < Kills)
            {
                // Whoever holds leases is at work; then a moment more, so that every stage of the work is hit.
                await TestKit.Product.EventuallyAsync(() => IsWorkedOnAsync(account), "a worker holds leases", seconds: 60);
                await Task.Delay(random.Next(50, 900));
                var victim = random.Next(workers.Count);
                workers[victim].HasExited.ShouldBeFalse(product.WorkerLog);
                workers[victim].Kill();
                kills++;
                workers[victim].Dispose();
                workers[victim] = product.StartWorker();
            }

            output.WriteLine($"after {kills} kills: {await StateAsync(account)}");

            // What was in hand-over at a kill waits a minute before it is sent again.
            await product.AdvanceAsync(TimeSpan.FromMinutes(2));
            await TestKit.Product.EventuallyAsync(() => IsQuietAsync(account, automation), "every run has ended and every mail is settled", seconds: 240);
        }
        catch (TimeoutException)
        {
            output.WriteLine($"{await StateAsync(account)}\n{product.WorkerLog}");
            throw;
        }
        finally
        {
            workers.ForEach(w => w.Dispose());
        }

        return kills;
    }

    private static async Task<bool> IsWorkedOnAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select count(*) > 100 from activities.bucket_lease where not released and until > now()").FirstAsync<bool>(work, CancellationToken.None);
    }

    private static async Task<string?> StateAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select string_agg(line, ', ') from (
                select 'run ' || status || ' ' || coalesce(step_key, '-') || ' ' || count(*) as line from automations.run where account_id = {account.Id} group by status, step_key
                union all select 'send ' || state || ' ' || count(*) from messaging.send where account_id = {account.Id} group by state
                union all select 'queued activities ' || count(*) from activities.activity_queue where account_id = {account.Id}
                union all select 'nudges ' || count(*) from automations.nudge where account_id = {account.Id}
                union all select 'free buckets ' || count(*) from activities.bucket_lease where released or until < now()) x
            """).FirstAsync<string>(work, CancellationToken.None);
    }

    private static async Task<bool> IsQuietAsync(TestAccount account, long automation)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select (select count(*) from automations.run where account_id = {account.Id} and automation_id = {automation} and finished_at is not null) = {Contacts}
               and not exists (select 1 from messaging.send where account_id = {account.Id} and next_at is not null)
               and not exists (select 1 from activities.activity_queue where account_id = {account.Id})
            """).FirstAsync<bool>(work, CancellationToken.None);
    }

    private static async Task EveryRunEndedWhereItMustAsync(TestAccount account, long automation)
    {
        await using var work = await account.BeginAsync();
        var statuses = await Sql.Of($"""
            select status || ' ' || count(*) from automations.run where account_id = {account.Id} and automation_id = {automation} group by status
            """).ListAsync<string>(work, CancellationToken.None);
        statuses.ShouldBe([$"completed {Contacts}"]);
        // Six steps each, numbered without a gap.
        var wrong = await Sql.Of($"""
            select count(*) from (
                select run_id from automations.step_visit where account_id = {account.Id}
                group by run_id having count(*) <> 6 or max(visit_no) - min(visit_no) <> 5) x
            """).FirstAsync<long>(work, CancellationToken.None);
        wrong.ShouldBe(0);
        (await Sql.Of($"""
            select count(*) from contacts.contact_tag ct
            join contacts.tag t on t.account_id = ct.account_id and t.id = ct.tag_id
            join contacts.contact c on c.account_id = ct.account_id and c.id = ct.contact_id
            where ct.account_id = {account.Id} and lower(c.first_name) = t.name
            """).FirstAsync<long>(work, CancellationToken.None)).ShouldBe(Contacts);
    }

    private static async Task NoEffectHappenedTwiceAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        var doubles = await Sql.Of($"""
            select kind from activities.activity
            where account_id = {account.Id} and kind in ('tag.added', 'automation.entered', 'automation.completed', 'email.sent')
            group by kind, contact_id, subject_id having count(*) > 1
            """).ListAsync<string>(work, CancellationToken.None);
        doubles.ShouldBeEmpty();
        var tags = await Sql.Of($"select count(*) from activities.activity where account_id = {account.Id} and kind = 'tag.added'")
            .FirstAsync<long>(work, CancellationToken.None);
        tags.ShouldBe(3 * Contacts);
    }

    private async Task EveryMailArrivedAsync(TestAccount account)
    {
        var copies = product.Sink.Messages.GroupBy(m => Mail.Mime.MimeParser.Parse(m.Bytes).MessageId!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());
        await using var work = await account.BeginAsync();
        var sends = await Sql.Of($"""
            select id, state, ambiguities::int, sent_to from messaging.send where account_id = {account.Id}
            """).ListAsync<SendRow>(work, CancellationToken.None);
        sends.Count.ShouldBe(Contacts);
        // An unknown one may have arrived; it must not be called sent, and there must be a kill to blame for each.
        sends.Where(s => s.State is not ("sent" or "unknown")).ShouldBeEmpty();
        copies.Count.ShouldBeGreaterThanOrEqualTo(sends.Count(s => s.State == "sent"));
        var surplus = copies.Values.Sum() - copies.Count;
        var ambiguities = sends.Sum(s => s.Ambiguities);
        output.WriteLine($"{copies.Count} mails, {surplus} extra copies, {ambiguities} were in hand-over at a kill");
        surplus.ShouldBeLessThanOrEqualTo(ambiguities);
        copies.Values.Max().ShouldBeLessThanOrEqualTo(3);
    }

    private sealed record SendRow(long Id, string State, int Ambiguities, string? SentTo);
}
