using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security.Http;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Transactional.Webhooks;
using Npgsql;

namespace Millrace.Messaging.Transactional.Inbound;

/// <inheritdoc cref="ITransactionalInbound"/>
internal sealed partial class InboundMails(
    NpgsqlDataSource database, MailWebhooks webhooks, IHttpOutbox outbox, IOptions<TransactionalOptions> options, TimeProvider clock) : ITransactionalInbound
{
    private const int MaxText = 512 * 1024;

    public bool IsMine(string address) => options.Value.InboundDomain is { Length: > 0 } domain && Read(address) is { } read && read.Domain == domain;

    public async Task<long?> AccountOfAsync(string address, CancellationToken cancellationToken)
    {
        if (Read(address) is not { } read)
        {
            return null;
        }

        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        return await Sql.Of($"select account_id from messaging.mail_server where id = {read.Server} and archived_at is null").FirstAsync<long?>(work, cancellationToken);
    }

    public async Task<bool> TakeAsync(NpgsqlTransaction transaction, long accountId, string from, string to, ReadOnlyMemory<byte> raw, CancellationToken cancellationToken)
    {
        if (Read(to) is not { } read || await Sql.Of($"""
            select s.id, s.key from messaging.mail_stream s join messaging.mail_server v on v.account_id = s.account_id and v.id = s.server_id and v.archived_at is null
            where s.account_id = {accountId} and s.server_id = {read.Server} and s.kind = 'inbound' and s.archived_at is null order by s.id limit 1
            """).FirstAsync<Stream>(transaction, cancellationToken) is not { } stream)
        {
            return false;
        }

        var (now, guid) = (clock.GetUtcNow(), new Guid(RandomNumberGenerator.GetBytes(16)));
        var mail = MimeParser.Parse(raw.ToArray());
        var payload = Payload(mail, guid, stream.Key, from, to, read.Hash, now);
        if (mail.Root.Header("Message-ID") is not null && await IsRepeatedAsync(transaction, accountId, from, to, payload, raw.Length, now, cancellationToken))
        {
            return true;
        }

        payload["Attachments"] = Files(mail, withContent: true);
        var calls = await webhooks.CallsAsync(transaction, accountId, stream.Id, "inbound", payload.ToJsonString(), (string)payload["FromFull"]!["Email"]!, cancellationToken);
        payload["Attachments"] = Files(mail, withContent: false);
        var subject = Clean(mail.Subject);
        await Sql.Of($"""
            insert into messaging.stream_mail (account_id, guid, server_id, stream_id, mail_from, rcpt_to, subject, payload, size, received_at)
            values ({accountId}, {guid}, {read.Server}, {stream.Id}, {from}, {to}, {StorableText.Cut(subject, 1_000)}, {payload}, {raw.Length}, {now})
            """).ExecuteAsync(transaction, cancellationToken);
        if (calls.Count > 0)
        {
            await outbox.AddAsync(transaction, accountId, calls, cancellationToken);
        }

        return true;
    }

    /// <summary>Who hears no answer to a mail that was stored sends it again: the same but for the number we give.</summary>
    private static Task<bool> IsRepeatedAsync(
        NpgsqlTransaction transaction, long accountId, string from, string to, JsonObject payload, int size, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        select exists (
            select 1 from messaging.stream_mail
            where account_id = {accountId} and envelope_key = {from.ToLowerInvariant()} and rcpt_to = {to} and size = {size} and received_at > {now.AddDays(-5)}
              and payload - 'MessageID' - 'Attachments' = {payload} - 'MessageID' - 'Attachments')
        """).FirstAsync<bool>(transaction, cancellationToken);

    private static JsonObject Payload(ParsedMail mail, Guid guid, string stream, string from, string to, string hash, DateTimeOffset now)
    {
        var sender = MailboxList.Parse(mail.From, out _) is [var first, ..] ? first : null;
        var recipients = MailboxList.Parse(mail.To, out _);
        return new JsonObject
        {
            ["From"] = sender?.Address.Value ?? from,
            ["FromName"] = sender?.Name ?? "",
            ["FromFull"] = Person(sender, from, hash: ""),
            ["MessageStream"] = stream,
            ["To"] = Clean(mail.To),
            ["ToFull"] = new JsonArray([.. recipients.Select(r => Person(r, r.Address.Value, hash))]),
            ["Cc"] = Clean(mail.Root.DecodedHeader("Cc") ?? ""),
            ["OriginalRecipient"] = to,
            ["MailboxHash"] = hash,
            ["Subject"] = Clean(mail.Subject),
            ["MessageID"] = guid.ToString("D"),
            ["ReplyTo"] = Clean(mail.Root.DecodedHeader("Reply-To") ?? ""),
            ["Date"] = Clean(mail.Root.Header("Date") ?? now.ToString("R", CultureInfo.InvariantCulture)),
            ["TextBody"] = Clean(mail.TextBody ?? ""),
            ["HtmlBody"] = Clean(mail.HtmlBody ?? ""),
            ["StrippedTextReply"] = Clean(Reply(mail.TextBody ?? "")),
            ["Tag"] = "",
            ["Headers"] = new JsonArray([.. mail.Root.Headers.Take(200).Select(h => new JsonObject { ["Name"] = Clean(h.Name), ["Value"] = Clean(h.Value) })]),
        };
    }

    private static JsonObject Person(Mailbox? mailbox, string address, string hash) =>
        new() { ["Email"] = mailbox?.Address.Value ?? address, ["Name"] = Clean(mailbox?.Name ?? ""), ["MailboxHash"] = hash };

    private static JsonArray Files(ParsedMail mail, bool withContent) => new([.. mail.Attachments.Take(100).Select(part =>
    {
        var content = part.DecodeBytes();
        return new JsonObject
        {
            ["Name"] = Clean(part.FileName ?? "file"),
            ["Content"] = withContent ? Convert.ToBase64String(content) : "",
            ["ContentType"] = Clean(part.MediaType),
            ["ContentLength"] = content.Length,
            ["ContentID"] = Clean(part.Header("Content-ID")?.Trim().Trim('<', '>') ?? ""),
        };
    })]);

    /// <summary>What was written above the quoted mail.</summary>
    private static string Reply(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var end = Array.FindIndex(lines, l => l.StartsWith('>') || l.StartsWith("-----Original Message", StringComparison.Ordinal) || (l.StartsWith("On ", StringComparison.Ordinal) && l.TrimEnd().EndsWith("wrote:", StringComparison.Ordinal)));
        return end < 0 ? "" : string.Join('\n', lines[..end]).Trim();
    }

    /// <summary>What JSON and the database can hold.</summary>
    private static string Clean(string text)
    {
        var cut = text.Length > MaxText ? text[..MaxText] : text;
        return System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(cut)).Replace("\0", "", StringComparison.Ordinal);
    }

    private static Target? Read(string address)
    {
        var match = Shape().Match(address.Trim().ToLowerInvariant());
        return match.Success && long.TryParse(match.Groups["server"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var server)
            ? new Target(server, match.Groups["hash"].Value, match.Groups["domain"].Value)
            : null;
    }

    private sealed record Target(long Server, string Hash, string Domain);

    private sealed record Stream(long Id, string Key);

    [GeneratedRegex(@"\As(?<server>[1-9][0-9]{0,17})(\+(?<hash>[^@]{1,60}))?@(?<domain>[a-z0-9.-]{3,253})\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 100)]
    private static partial Regex Shape();
}
