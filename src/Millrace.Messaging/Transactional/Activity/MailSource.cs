using System.Text;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Messaging.Transactional.Sending;
using Npgsql;

namespace Millrace.Messaging.Transactional.Activity;

/// <summary>A mail as bytes once more, without tracking and signature: for programs that ask for the source. Files stand in it by name only.</summary>
internal static class MailSource
{
    /// <summary>Null when there is no such mail, or its content is forgotten.</summary>
    public static async Task<string?> FindAsync(NpgsqlTransaction transaction, long accountId, long mailId, CancellationToken cancellationToken)
    {
        var row = await Sql.Of($"""
            select guid, from_name, from_address, reply_to, subject, html, text, headers, submitted_at from messaging.mail
            where account_id = {accountId} and id = {mailId} and forgotten_at is null
            """).FirstAsync<Row>(transaction, cancellationToken);
        if (row is null)
        {
            return null;
        }

        var recipients = await Sql.Of($"select kind, name, address from messaging.mail_recipient where address <> '' and account_id = {accountId} and mail_id = {mailId} order by no")
            .ListAsync<Recipient>(transaction, cancellationToken);
        var from = EmailAddress.Parse(row.FromAddress);
        using var bytes = new MailBuffer(row.Html.Length + row.Text.Length + 8192);
        new MimeMessage
        {
            From = new Mailbox(from, row.FromName),
            To = Boxes("to"),
            Cc = Boxes("cc"),
            ReplyTo = MailboxList.Parse(row.ReplyTo, out _) is [var box, ..] ? box : null,
            Subject = row.Subject,
            MessageId = LetterRenderer.MessageId(row.Guid, from.Domain),
            Date = row.SubmittedAt,
            Headers = row.Headers.Deserialize<List<MailHeader>>() ?? [],
            HtmlBody = row.Html.AsMemory(),
            TextBody = row.Text.AsMemory(),
        }.WriteTo(bytes);
        return Encoding.UTF8.GetString(bytes.Span);

        List<Mailbox> Boxes(string kind) => [.. recipients.Where(r => r.Kind == kind).Select(r => new Mailbox(EmailAddress.Parse(r.Address), r.Name))];
    }

    private sealed record Row(Guid Guid, string FromName, string FromAddress, string ReplyTo, string Subject, string Html, string Text, JsonElement Headers, DateTimeOffset SubmittedAt);

    private sealed record Recipient(string Kind, string Name, string Address);
}
