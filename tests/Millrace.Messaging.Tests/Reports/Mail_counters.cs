using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Reports;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Reports;

/// <summary>The counters that reports of mails are read from.</summary>
public sealed class Mail_counters(MailProduct product) : IClassFixture<MailProduct>
{
    private const string Person = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";
    private readonly HttpClient _reader = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = product.Address };

    [Fact]
    public async Task Each_mail_counts_once_under_the_time_of_sending_machines_do_not_and_folding_changes_nothing()
    {
        var account = await product.NewAccountAsync();
        await account.FilterMachinesAsync(true);
        string[] names = ["busy", "quiet", "leaving", "robot"];
        var addresses = names.Select(n => $"{n}{account.Id}@tally.example").Append($"r-550-5.1.1+{account.Id}@hard.example").ToArray();
        var contacts = new List<long>();
        foreach (var address in addresses)
        {
            contacts.Add(await account.AddContactAsync(address));
        }

        await account.QueueAsync(contacts, Mailing.Content("<a href=\"https://shop.example/a\">look</a>"));
        await account.DispatchedAsync();
        var pages = addresses[..4].Select(a => product.Mail(a).HtmlBody!).ToArray();
        await account.QueueAsync([contacts[0]], Mailing.Content(), runId: 2, kind: SendSourceKind.Notify);
        (await account.DispatchedAsync()).CountBy(s => s.State).OrderBy(s => s.Key, StringComparer.Ordinal).ShouldBe([new("failed", 1), new("sent", 5)]);

        // Days later: still of the day of sending.
        var today = product.Now.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await product.AdvanceAsync(TimeSpan.FromDays(2));
        await account.LogInAgainAsync();
        for (var i = 0; i < 3; i++)
        {
            await GetAsync(Path(pages[0], "o"), Person);
            await GetAsync(Path(pages[0], "c"), Person);
        }

        await GetAsync(Path(pages[3], "o"), "curl/8.5");
        await GetAsync(Path(pages[3], "c"), "curl/8.5");
        for (var i = 0; i < 2; i++)
        {
            using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
            using var answer = await _reader.PostAsync(new Uri(Path(pages[2], "u"), UriKind.Relative), form, TestContext.Current.CancellationToken);
        }

        await account.SettledAsync();
        string[] expected = ["sent 4", "opened 0.25", "clicked 0.25", "bounced 0.2", "unsubscribed 0.25"];
        (await FiguresAsync(account, today)).ShouldBe(expected);
        await EventsAsync(account, today);
        await SpreadAsync(account);
        (await ShardsAsync(account)).ShouldBeGreaterThan(0);

        var fold = ActivatorUtilities.CreateInstance<FoldMailTallies>(product.Services);
        while (await fold.RunOnceAsync(CancellationToken.None) > 0)
        {
        }

        (await ShardsAsync(account)).ShouldBe(0);
        (await FiguresAsync(account, today)).ShouldBe(expected);

        // Who is erased stays counted.
        await product.AdvanceAsync(TimeSpan.FromDays(3));
        await account.LogInAgainAsync();
        using (var gone = await account.App.DeleteAsync(new Uri($"contacts/{contacts[0]}", UriKind.Relative), TestContext.Current.CancellationToken))
        {
            gone.EnsureSuccessStatusCode();
        }

        await account.SettledAsync();
        while (await fold.RunOnceAsync(CancellationToken.None) > 0)
        {
        }

        await EventsAsync(account, today);
        await using (var look = await account.BeginAsync())
        {
            (await Sql.Of($"select count(*) from messaging.event_tally where account_id = {account.Id} and shard > 0").FirstAsync<long>(look, CancellationToken.None)).ShouldBe(0);
        }

        // Of a quarter that is not over nothing is folded: workers are writing there.
        await ExecuteAsync(account, Sql.Of($"""
            insert into messaging.mail_tally (account_id, automation_id, message_id, quarter, what, shard, total) values ({account.Id}, 0, 0, {product.Now}, 'sent', 2, 1)
            """));
        await fold.RunOnceAsync(CancellationToken.None);
        (await ShardsAsync(account)).ShouldBe(1);
    }

    /// <summary>By the day it happened on: the mails went two days before they were opened.</summary>
    private static async Task EventsAsync(TestAccount account, string sent)
    {
        var opened = DateOnly.Parse(sent, System.Globalization.CultureInfo.InvariantCulture).AddDays(2).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var days = $"first={sent}&last={opened}&step=day";
        (await RowsAsync($"mails.events?{days}")).ShouldBe([
            $"{sent} sends 5, delivered 4, bounced 1", $"{opened} opened 1, opens 3, clicked 1, clicks 3, unsubscribed 1",
        ]);
        (await RowsAsync($"mails.events?{days}&machines=all")).ShouldBe([
            $"{sent} sends 5, delivered 4, bounced 1", $"{opened} opened 2, opens 4, clicked 2, clicks 4, unsubscribed 1",
        ]);
        (await RowsAsync($"mails.events?{days}&filter=source:personal")).ShouldBeEmpty();
        (await RowsAsync($"mails.events?first={sent}&last={opened}&step=month&filter=source:automation")).Sum(r => r.Split(", ").Length).ShouldBeGreaterThan(7);
        (await RowsAsync($"mails.by_name?first={opened}&last={opened}")).ShouldHaveSingleItem().ShouldEndWith("opened 1, opens 3, clicked 1, clicks 3, unsubscribed 1, click_to_open 1");
        var before = await account.GetAsync($"reports/mails.events?first={opened}&last={opened}&compare=true");
        before["answer"]!["figures"]!.AsArray().Single(f => (string?)f!["key"] == "opened")!["before"]!.GetValue<decimal>().ShouldBe(0);
        using var wrong = await account.App.GetAsync(new Uri("reports/mails.events?filter=source:pigeon", UriKind.Relative), TestContext.Current.CancellationToken);
        wrong.StatusCode.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);
        using var never = await account.App.GetAsync(new Uri("reports/mails.events?step=minute", UriKind.Relative), TestContext.Current.CancellationToken);
        never.StatusCode.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);

        async Task<string[]> RowsAsync(string path)
        {
            var answer = (await account.GetAsync($"reports/{path}"))["answer"]!;
            var keys = answer["columns"]!.AsArray().Select(c => (string)c!["key"]!).ToArray();
            return [.. answer["rows"]!.AsArray().Select(r => $"{r!["label"]} " + string.Join(", ", r["values"]!.AsArray()
                .Select((v, i) => (Key: keys[i], Value: (decimal?)v)).Where(v => v.Value is not null and not 0).Select(v => $"{v.Key} {v.Value:0.##}"))).Where(r => r.Contains(", ", StringComparison.Ordinal))];
        }
    }

    /// <summary>As if several workers had counted.</summary>
    private static Task SpreadAsync(TestAccount account) =>
        ExecuteAsync(account, Sql.Of($"update messaging.mail_tally set shard = 3 where account_id = {account.Id} and shard = 0 and what <> 'sent'"));

    private static async Task ExecuteAsync(TestAccount account, Sql sql)
    {
        await using var work = await account.BeginAsync();
        await sql.ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static async Task<long> ShardsAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select count(*) from messaging.mail_tally where account_id = {account.Id} and shard > 0").FirstAsync<long>(work, CancellationToken.None);
    }

    private static async Task<string[]> FiguresAsync(TestAccount account, string day)
    {
        var report = await account.GetAsync($"reports/account.mails?first={day}&last={day}");
        return [.. report["answer"]!["figures"]!.AsArray().Select(f => $"{f!["key"]} {f["value"]}")];
    }

    private static string Path(string html, string kind) => Regex.Match(html, $"https://mail.example.test(/{kind}/[A-Za-z0-9_-]+)").Groups[1].Value;

    private async Task GetAsync(string path, string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var answer = await _reader.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
