using System.Globalization;
using System.Text;
using Millrace.Kernel.Data;
using Millrace.Mail.Receiving;
using Millrace.TestKit;

namespace Millrace.Product.Tests.Crash;

/// <summary>
/// A campaign whose workers are killed with SIGKILL again and again, while its audience is being frozen and while it is being sent. Afterwards everybody has it
/// exactly once, but for copies of what was in hand-over at a kill. <c>MILLRACE_CAMPAIGN=100000</c> sets the number of recipients, <c>MILLRACE_CAMPAIGN_KILLS=10</c>
/// how often; from four kills on every third one takes all workers at once.
/// </summary>
public sealed class KilledCampaignTests(WebOnlyProduct product, ITestOutputHelper output) : IClassFixture<WebOnlyProduct>
{
    private static readonly int Recipients = Number("MILLRACE_CAMPAIGN") ?? 4_000;
    private static readonly int Kills = Number("MILLRACE_CAMPAIGN_KILLS") ?? (Recipients > 10_000 ? 10 : 3);

    [Fact]
    public async Task Everybody_gets_a_campaign_once_however_often_its_workers_are_killed()
    {
        var random = new Random(Environment.TickCount);
        var account = await product.NewAccountAsync();
        var campaign = await CampaignAsync(account);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await account.PostAsync($"campaigns/{campaign}/launch", new { });

        var kills = await KillWhileSendingAsync(account, campaign, random);

        var done = await account.GetAsync($"campaigns/{campaign}");
        done["status"]!.GetValue<string>().ShouldBe("completed");
        done["recipients"]!.GetValue<long>().ShouldBe(Recipients);
        await using var work = await account.BeginAsync();
        var sends = await Sql.Of($"""
            select count(*), count(distinct contact_id), count(*) filter (where state = 'sent'), count(*) filter (where state = 'unknown'), sum(ambiguities)::bigint
            from messaging.send where account_id = {account.Id} and source_kind = 'campaign' and source_id = {campaign}
            """).FirstAsync<Totals>(work, CancellationToken.None);
        var taken = product.Sink.Messages.ToLookup(m => m.To[0], MessageId, StringComparer.Ordinal);
        var copies = taken.ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var surplus = copies.Values.Sum() - copies.Count;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Recipients} recipients, {kills} kills, {System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:0} s: {copies.Count} got it, {surplus} copies too many, {sends!.Ambiguities} were in hand-over at a kill, {sends.Unknown} unknown"));
        (sends.Rows, sends.Contacts, sends.Sent + sends.Unknown).ShouldBe((Recipients, Recipients, Recipients));
        copies.Count.ShouldBeGreaterThanOrEqualTo((int)sends.Sent);
        ((long)surplus).ShouldBeLessThanOrEqualTo(sends.Ambiguities);
        copies.Values.Max().ShouldBeLessThanOrEqualTo(3);
        taken.ShouldAllBe(t => t.Distinct(StringComparer.Ordinal).Count() == 1, "Copies of one mail have one Message-ID");
    }

    private static async Task<long> CampaignAsync(TestAccount account)
    {
        var list = (await account.PostAsync("lists", new { name = "Everyone" }))["id"]!.GetValue<long>();
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"""
                insert into contacts.contact (account_id, email, first_name, created_at, updated_at)
                select {account.Id}, 'person' || n || '@example.com', 'Bob', now(), now() from generate_series(1, {Recipients}) n
                """).ExecuteAsync(work, CancellationToken.None);
            await Sql.Of($"""
                insert into contacts.subscription (account_id, contact_id, list_id, status, subscribed_at, created_at, updated_at)
                select account_id, id, {list}, 'active', now(), now(), now() from contacts.contact where account_id = {account.Id}
                """).ExecuteAsync(work, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        var made = await account.PostAsync("campaigns", new { type = "standard", campaign = new { name = "Survivor", list_ids = new[] { list } } });
        await account.PutAsync($"messages/{made["variants"]![0]!["message_id"]}", new
        {
            name = "Survivor",
            subject = "Hello %FIRSTNAME%",
            html = "<p>Hello %FIRSTNAME%, <a href=\"https://example.com/\">go</a></p>",
            from_name = "Ann",
            from_address = "ann@sender.example",
        });
        return made["id"]!.GetValue<long>();
    }

    private async Task<int> KillWhileSendingAsync(TestAccount account, long campaign, Random random)
    {
        var workers = new List<WorkerProcess> { product.StartWorker(), product.StartWorker() };
        var kills = 0;
        try
        {
            for (; kills < Kills; kills++)
            {
                // The first kills hit the freezing, the others the sending.
                var share = (double)kills / Kills;
                await TestKit.Product.EventuallyAsync(async () => await DoneAsync(account, campaign) >= share * 0.9 * Recipients, $"{share:p0} is done", seconds: 600);
                await Task.Delay(random.Next(20, 400));
                workers.ShouldAllBe(w => !w.HasExited, product.WorkerLog);
                int[] victims = Kills > 3 && kills % 3 == 2 ? [0, 1] : [random.Next(workers.Count)];
                foreach (var victim in victims)
                {
                    workers[victim].Kill();
                }

                // Nobody is there now; what has been counted so far must add up all the same.
                (await AddsUpAsync(account, campaign)).ShouldBeTrue();
                foreach (var victim in victims)
                {
                    workers[victim].Dispose();
                    workers[victim] = product.StartWorker();
                }

            }

            await TestKit.Product.EventuallyAsync(async () => await DoneAsync(account, campaign) > Recipients - 3_000, "nearly all is done", seconds: 600);
            // What was in hand-over at a kill waits a minute before it is sent again.
            await TestKit.Product.EventuallyAsync(
                async () =>
                {
                    await product.AdvanceAsync(TimeSpan.FromSeconds(20));
                    await Task.Delay(500);
                    return await IsCompletedAsync(account, campaign);
                },
                "the campaign is completed", seconds: 300);
        }
        catch (TimeoutException)
        {
            output.WriteLine(product.WorkerLog);
            throw;
        }
        finally
        {
            workers.ForEach(w => w.Dispose());
        }

        return kills;
    }

    private static async Task<long> DoneAsync(TestAccount account, long campaign)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select count(*) from messaging.send where account_id = {account.Id} and source_kind = 'campaign' and source_id = {campaign} and state in ('sent', 'unknown')
            """).FirstAsync<long>(work, CancellationToken.None);
    }

    private static async Task<bool> IsCompletedAsync(TestAccount account, long campaign)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select status = 'completed' from messaging.campaign where account_id = {account.Id} and id = {campaign}").FirstAsync<bool>(work, CancellationToken.None);
    }

    /// <summary>The rows of the ledger are what the campaign counted, at any moment.</summary>
    private static async Task<bool> AddsUpAsync(TestAccount account, long campaign)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select recipients = (select count(*) from messaging.send s where s.account_id = k.account_id and s.source_kind = 'campaign' and s.source_id = k.id)
            from messaging.campaign k where account_id = {account.Id} and id = {campaign}
            """).FirstAsync<bool>(work, CancellationToken.None);
    }

    private static string MessageId(SinkMessage message)
    {
        var text = Encoding.Latin1.GetString(message.Bytes.Span);
        var at = text.IndexOf("\nMessage-ID: ", StringComparison.OrdinalIgnoreCase) + 1;
        at.ShouldBeGreaterThan(0);
        return text[at..text.IndexOf('\n', at)].TrimEnd();
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var n) ? n : null;

    private sealed record Totals(long Rows, long Contacts, long Sent, long Unknown, long Ambiguities);
}
