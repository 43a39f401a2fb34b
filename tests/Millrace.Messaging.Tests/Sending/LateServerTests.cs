using Millrace.Mail.Receiving;

namespace Millrace.Messaging.Tests.Sending;

/// <summary>A mail server may take a twentieth of the time that a real one may: 3 seconds for a command, 30 for the last answer.</summary>
public sealed class ImpatientProduct : MailProduct
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("Millrace:Smtp:Patience", "0.05")];
}

/// <summary>What is too late for us: before the message is handed over it is as if the server were down, afterwards nobody knows whether it was taken.</summary>
public sealed class LateServerTests(ImpatientProduct product) : IClassFixture<ImpatientProduct>
{
    [Fact]
    public async Task What_comes_too_late_is_no_answer()
    {
        await using var silent = FaultSink.Start();
        silent.Directives = "tarpit-90000-banner";
        var late = await product.NewAccountAsync();
        await late.PutAsync("sending/smtp", new { host = "127.0.0.1", port = silent.Port, tls = "none" });
        await late.QueueAsync([await late.AddContactAsync("plain@silent.example")]);
        var account = await product.NewAccountAsync();
        string[] names = ["tarpit-90000", "slow-1bps", "acceptlate-90"];
        await account.QueueAsync([.. await Task.WhenAll(names.Select((n, i) => account.AddContactAsync($"{n}@d{i}.late.example")))]);

        var sends = await account.DispatchedAsync(120);
        sends.OrderBy(s => s.SentTo).Select(s => (s.SentTo!.Split('@')[0], s.State, s.Reason, s.Attempts)).ShouldBe(
        [
            ("acceptlate-90", "ambiguous", "host_down", (short)1), ("slow-1bps", "deferred", "host_down", (short)1), ("tarpit-90000", "deferred", "host_down", (short)1),
        ]);
        foreach (var send in sends)
        {
            var wait = (send.NextAt!.Value - product.Now).TotalMinutes;
            wait.ShouldBeInRange(send.State == "ambiguous" ? .3 : 2.6, send.State == "ambiguous" ? 1.1 : 6.1, send.SentTo);
        }

        var unanswered = (await late.DispatchedAsync(120)).ShouldHaveSingleItem();
        (unanswered.State, unanswered.Reason, unanswered.Attempts, silent.Count).ShouldBe(("deferred", "host_down", (short)1, 0));
    }
}
