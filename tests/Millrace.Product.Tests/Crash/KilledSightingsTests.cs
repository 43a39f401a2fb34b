using Millrace.Kernel.Data;
using Millrace.TestKit;

namespace Millrace.Product.Tests.Crash;

/// <summary>
/// What opens and clicks tell of contacts waits beside their activities. Workers are killed with SIGKILL while they keep it; afterwards every contact has all of
/// both sightings, nothing is left over, and no activity was given up.
/// </summary>
public sealed class KilledSightingsTests(WebOnlyProduct product, ITestOutputHelper output) : IClassFixture<WebOnlyProduct>
{
    private const int Contacts = 2_000;
    private static readonly int Kills = WorkerProcess.Kills(2);

    [Fact]
    public async Task No_sighting_is_lost_when_workers_are_killed()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var account = await product.NewAccountAsync();
        var worker = product.StartWorker();
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                await OpenAndClickAsync(account, kill);
                await TestKit.Product.EventuallyAsync(async () => await LeftAsync(account) < 2 * Contacts, "the worker has begun", seconds: 60);
                await Task.Delay(random.Next(0, 150), TestContext.Current.CancellationToken);
                worker.HasExited.ShouldBeFalse(product.WorkerLog);
                worker.Kill();
                worker.Dispose();
                output.WriteLine($"killed with {await LeftAsync(account)} left");
                worker = product.StartWorker();
            }

            await TestKit.Product.EventuallyAsync(async () => await LeftAsync(account) == 0, "everything is worked off", seconds: 90);
        }
        finally
        {
            worker.Kill();
            worker.Dispose();
        }

        await using var work = await account.BeginAsync();
        var seen = await Sql.Of($"""
            select concat_ws(' ', ip, country, city, device, os, mail_client, browser) || ' ' || count(*) from contacts.last_seen where account_id = {account.Id}
            group by ip, country, city, device, os, mail_client, browser
            """).ListAsync<string>(work, CancellationToken.None);
        seen.ShouldBe([$"9.9.9.9 GB London desktop Linux Apple Mail Firefox {Kills * Contacts}"]);
        (await Sql.Of($"select count(*) from activities.parked_activity where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None)).ShouldBe(0);
    }

    /// <summary>Contacts who each opened and clicked, as the tracking endpoints write it.</summary>
    private static async Task OpenAndClickAsync(TestAccount account, int wave)
    {
        await using var work = await account.BeginAsync();
        await Sql.Of($"""
            with made as (
                insert into contacts.contact (account_id, email, created_at, updated_at)
                select {account.Id}, 'seen' || {wave} || '-' || n || '@example.com', now(), now() from generate_series(1, {Contacts}) n returning account_id, id),
            appended as (
                insert into activities.activity (account_id, contact_id, occurred_at, kind, data)
                select account_id, id, clock_timestamp(), k.kind, jsonb_build_object('contact_id', id, 'message_id', 1, 'send_id', 1, 'link', 1, 'url', 'https://a.example/')
                from made, (values ('email.opened'), ('email.clicked')) k (kind) order by id, k.kind desc
                returning account_id, id, contact_id, occurred_at, kind)
            insert into activities.activity_queue (account_id, id, bucket, contact_id, occurred_at, kind, aside)
            select account_id, id, kernel.bucket_of(account_id, contact_id), contact_id, occurred_at, kind,
                   case kind when 'email.opened' then {new JsonText("""{"ip":"81.2.69.160","country":"GB","city":"London","device":"mobile","os":"iOS","mail_client":"Apple Mail"}""")}
                             else {new JsonText("""{"ip":"9.9.9.9","device":"desktop","os":"Linux","browser":"Firefox"}""")} end
            from appended
            """).ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static async Task<long> LeftAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select count(*) from activities.activity_queue where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None);
    }
}
