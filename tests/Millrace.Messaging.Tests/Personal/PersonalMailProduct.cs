using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Mail.Receiving;
using Millrace.Messaging.Tests.Sending;
using Millrace.PersonalMail.Mailboxes;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Personal;

/// <summary>The product with a real IMAP server beside the mail sink, and a second sink as the SMTP server of mailboxes.</summary>
public sealed class PersonalMailProduct : MailProduct
{
    public Dovecot Dovecot { get; } = Dovecot.Start();

    /// <summary>SMTP server of the mailboxes.</summary>
    public FaultSink Outgoing { get; } = FaultSink.Start(new SmtpReceiverOptions { Login = (_, password) => password == Dovecot.Secret });

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        .. base.Settings,
        new("Millrace:Mailboxes:AllowPlainText", "true"),
        new("Millrace:Mailboxes:Allowed:0", FormattableString.Invariant($"127.0.0.1:{Dovecot.Port}")),
        new("Millrace:Mailboxes:Allowed:1", FormattableString.Invariant($"127.0.0.1:{Outgoing.Port}")),
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Dovecot.ReadyAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Outgoing.DisposeAsync();
        Dovecot.Dispose();
    }
}

/// <summary>Short ways of these tests.</summary>
internal static class Writing
{
    public static object Draft(string subject = "Hello %FIRSTNAME%", string body = "<p>Hi %FIRSTNAME%, see <a href=\"https://acme.example/offer\">the offer</a>.</p>", string cc = "",
        string bcc = "", bool filesAsLinks = true, bool isPlain = false) =>
        new { subject, body, cc, bcc, files_as_links = filesAsLinks, is_plain = isPlain };

    /// <summary>Saves a draft and sends it.</summary>
    public static async Task<long> WriteAsync(this TestAccount account, long contact, object? draft = null, object? send = null)
    {
        await account.PutAsync($"contacts/{contact}/personal-draft", draft ?? Draft());
        return (await account.PostAsync($"contacts/{contact}/personal-draft/send", send ?? new { }))["id"]!.GetValue<long>();
    }

    /// <summary>The one mail that a mailbox's server took for an address.</summary>
    public static Mail.Mime.ParsedMail ByMailbox(this PersonalMailProduct product, string to) =>
        Mail.Mime.MimeParser.Parse(product.Outgoing.Messages.Single(m => m.To.Contains(to)).Bytes);

    public static async Task<(int Status, JsonNode Body)> TryAsync(this TestAccount account, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        using var response = await account.App.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }

    public static async Task<JsonNode> MailAsync(this TestAccount account, long id, string state)
    {
        JsonNode mail = new JsonObject();
        await Product.EventuallyAsync(async () => (mail = await account.GetAsync($"personal-mails/{id}"))["state"]!.GetValue<string>() == state, $"the mail is {state}", 60);
        return mail;
    }

    /// <summary>Connects a mailbox of the admin's that belongs to this test alone.</summary>
    public static async Task<string> ConnectAsync(this TestAccount account, PersonalMailProduct product)
    {
        var user = $"u{account.Id}";
        await account.PostAsync("mailboxes", MailboxOf(product, user));
        await account.ReadThroughAsync(0);
        return user;
    }

    public static Dictionary<string, object?> MailboxOf(PersonalMailProduct product, string user) => new()
    {
        ["email"] = $"{user}@box.example",
        ["name"] = "Ada at work",
        ["imap_host"] = "127.0.0.1",
        ["imap_port"] = product.Dovecot.Port,
        ["imap_tls"] = "none",
        ["smtp_host"] = "127.0.0.1",
        ["smtp_port"] = product.Outgoing.Port,
        ["smtp_tls"] = "none",
        ["user_name"] = user,
        ["password"] = Dovecot.Secret,
    };

    /// <summary>Asks for a look into the account's mailbox and waits until it has been made.</summary>
    /// <param name="replies">So many answers are kept then.</param>
    public static async Task ReadThroughAsync(this TestAccount account, int replies)
    {
        var (id, before) = await StateAsync(account);
        await account.PostAsync($"mailboxes/{id}/check", new { });
        await Product.EventuallyAsync(
            async () =>
            {
                account.Product.Services.GetRequiredService<Kernel.Workers.WorkSignal>().Pulse(nameof(WorkOnMailboxes));
                return (await StateAsync(account)).Epoch > before && await IsReadAsync(account) && await RepliesAsync(account) >= replies;
            },
            "the mailbox has been read", 60);
    }

    public static async Task<long> RepliesAsync(this TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select count(*) from personal.reply where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None);
    }

    private static async Task<(long Id, long Epoch)> StateAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        var row = await Sql.Of($"select id, epoch from personal.mailbox where account_id = {account.Id} and removed_at is null").FirstAsync<Row>(work, CancellationToken.None);
        return (row!.Id, row.Epoch);
    }

    private static async Task<bool> IsReadAsync(TestAccount account)
    {
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select exists (select 1 from personal.mailbox where account_id = {account.Id} and lease_until is null and uid_next is not null and due_at > {account.Product.Now})
            """).FirstAsync<bool>(work, CancellationToken.None);
    }

    private sealed record Row(long Id, long Epoch);
}
