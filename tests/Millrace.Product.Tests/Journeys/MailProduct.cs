using System.Text.Json.Nodes;
using Millrace.Mail.Mime;
using Millrace.Mail.Receiving;
using Millrace.TestKit;

namespace Millrace.Product.Tests.Journeys;

/// <summary>The whole product with a real SMTP receiver as its way out.</summary>
public sealed class MailProduct : TestKit.Product
{
    public const string PublicUrl = "https://mail.example.test";

    public FaultSink Sink { get; } = FaultSink.Start();

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Millrace:Smtp:Url", FormattableString.Invariant($"smtp://127.0.0.1:{Sink.Port}?tls=none")),
        new("Millrace:PublicUrl", PublicUrl),
    ];

    /// <summary>The mails that an address has got, oldest first, once there are as many as expected.</summary>
    public async Task<List<ParsedMail>> MailsAsync(string to, int count)
    {
        await EventuallyAsync(() => Task.FromResult(Received(to).Count >= count), $"{count} mails for {to}");
        var mails = Received(to);
        mails.Count.ShouldBe(count);
        return mails;
    }

    public List<ParsedMail> Received(string to) => [.. Sink.Messages.Where(m => m.To.Contains(to)).Select(m => MimeParser.Parse(m.Bytes))];

    /// <summary>Logs in again: time has moved on further than a session lives.</summary>
    public Task<TestAccount> ReturnAsync(TestAccount account) =>
        TestAccount.LogInAsync(this, account.Id, account.UserId, account.Email, account.Password, account.ApiKey);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sink.DisposeAsync();
    }
}

/// <summary>What a user sees of a contact's way, read over HTTP.</summary>
internal static class Journey
{
    /// <summary>The newest run of the contact with its path, as the UI reads it.</summary>
    public static async Task<JsonNode> PathAsync(this TestAccount account, long contact)
    {
        var runs = (await account.GetAsync($"contacts/{contact}/runs")).AsArray();
        return runs.Count == 0 ? new JsonObject() : await account.GetAsync($"runs/{runs[0]!["id"]}");
    }

    /// <summary><c>status: step=result step=result</c>.</summary>
    public static string Summary(JsonNode path) => path["run"] is not { } run
        ? "no run"
        : $"{run["status"]}: {string.Join(' ', path["visits"]!.AsArray().Select(v => $"{v!["step_id"]}={v["result"]}"))}";

    public static async Task<JsonNode> BecomesAsync(this TestAccount account, long contact, string summary)
    {
        JsonNode path = new JsonObject();
        try
        {
            await TestKit.Product.EventuallyAsync(async () => Summary(path = await account.PathAsync(contact)) == summary, summary);
        }
        catch (TimeoutException)
        {
            Summary(path).ShouldBe(summary);
        }

        return path;
    }
}
