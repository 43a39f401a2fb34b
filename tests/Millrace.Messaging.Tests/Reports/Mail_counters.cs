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
        await SpreadAsync(account);
        (await ShardsAsync(account)).ShouldBeGreaterThan(0);

        var fold = ActivatorUtilities.CreateInstance<FoldMailTallies>(product.Services);
        while (await fold.RunOnceAsync(CancellationToken.None) > 0)
        {
        }

        (await ShardsAsync(account)).ShouldBe(0);
        (await FiguresAsync(account, today)).ShouldBe(expected);

        // Of a quarter that is not over nothing is folded: workers are writing there.
        await ExecuteAsync(account, Sql.Of($"""
            insert into messaging.mail_tally (account_id, automation_id, message_id, quarter, what, shard, total) values ({account.Id}, 0, 0, {product.Now}, 'sent', 2, 1)
            """));
        await fold.RunOnceAsync(CancellationToken.None);
        (await ShardsAsync(account)).ShouldBe(1);
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
