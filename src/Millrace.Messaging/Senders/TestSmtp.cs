using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Senders;

/// <summary>
/// <c>POST /api/app/sending/smtp/test</c>: a try of a mail server before it is used: connection, login, and a mail when an address is given. The
/// answer waits for the server; nothing is stored or counted.
/// </summary>
internal sealed class TestSmtp : IEndpoint
{
    private const int MaxReply = 200;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("sending/smtp/test", Handle).WithName("sending_smtp_test").RequirePermission(Permission.ManageSending);

    /// <param name="Password">Null takes the one that is stored for this host and port.</param>
    /// <param name="To">A short mail goes there from the account's sender; null or empty only tries the connection and the login.</param>
    internal sealed record Input(string Host, int Port, SmtpTls Tls, string? UserName = null, string? Password = null, string? To = null);

    /// <param name="Stage">How far it came; <c>done</c> means the login worked, and the server took the mail if there was one.</param>
    /// <param name="Reply">The server's words, at most 200 characters.</param>
    /// <param name="SentTo">Where a mail went; null when none did.</param>
    internal sealed record Result(bool Ok, SmtpStage Stage, string? Reply, int Milliseconds, string? SentTo);

    private static async Task<Result> Handle(
        Input request, CurrentAccount account, NpgsqlDataSource database, DkimSigners signers, KeyRing keys, IAudit audit, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        SmtpSettingsResource.Check(request.Host, request.Port);
        var to = string.IsNullOrWhiteSpace(request.To) ? null : Read("/to", request.To.Trim());
        SmtpEndpoint endpoint;
        AccountSender sender;
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            // A stored password goes only to the server it was stored for, or a stranger's host could ask for it.
            var stored = request.Password is null ? await SmtpSettingsResource.FindAsync(work, account.Id, cancellationToken) : null;
            var password = request.Password ?? (stored is { Password: { } box }
                && string.Equals(stored.Host, request.Host.Trim(), StringComparison.OrdinalIgnoreCase) && stored.Port == request.Port
                ? keys.Open(box, SmtpRow.Place(account.Id)) : null);
            endpoint = new(request.Host.Trim(), request.Port, request.Tls, string.IsNullOrEmpty(request.UserName) ? null : request.UserName, password);
            sender = await CompiledMessages.SenderAsync(work.Transaction, account.Id, cancellationToken);
            await signers.LoadAsync(work.Transaction, [account.Id], cancellationToken);
            if (to is not null)
            {
                await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "smtp.test_mail", "smtp", null, new { endpoint.Host, endpoint.Port }, cancellationToken);
                await work.CommitAsync(cancellationToken);
            }
        }

        var from = to is null ? null : Read("/to", sender.Email);
        var started = Stopwatch.GetTimestamp();
        var options = new SmtpClientOptions { ConnectTimeout = TimeSpan.FromSeconds(10), CommandTimeout = TimeSpan.FromSeconds(15) };
        var (connection, outcome) = await SmtpConnection.OpenAsync(endpoint, options, clock, cancellationToken);
        if (connection is not null)
        {
            await using (connection)
            {
                if (to is null)
                {
                    return new(true, SmtpStage.Done, null, Took(started), null);
                }

                using var bytes = Letter(account.Id, sender, from!, to, signers.Find(account.Id, from!.Value), clock.GetUtcNow());
                outcome = await connection.SendAsync(new SmtpEnvelope(from.Value, to.Value), bytes.Memory, cancellationToken);
            }
        }

        var words = outcome!.Reply?.ToString() ?? outcome.Exception?.Message;
        return new(outcome.Accepted, outcome.Stage, words?.Length > MaxReply ? words[..MaxReply] : words, Took(started), outcome.Accepted ? to?.Value : null);
    }

    private static MailBuffer Letter(long accountId, AccountSender sender, EmailAddress from, EmailAddress to, SenderStanding standing, DateTimeOffset now)
    {
        const string words = "This mail was sent to try out the mail server that Millrace has been given. It arrived, so the server works.";
        var mail = new MimeMessage
        {
            From = new Mailbox(from, sender.Name),
            To = [new Mailbox(to, null)],
            Subject = "Test of your mail server",
            MessageId = string.Create(CultureInfo.InvariantCulture, $"<smtp-test.{accountId}.{RandomToken.New(16)}@{from.Domain}>"),
            Date = now,
            TextBody = (words + "\n").AsMemory(),
            HtmlBody = $"<p>{words}</p>".AsMemory(),
        };
        var bytes = new MailBuffer();
        mail.WriteTo(bytes);
        standing.Signer?.Sign(bytes, now);
        return bytes;
    }

    private static EmailAddress Read(string path, string text) =>
        EmailAddress.TryParse(text, out var address, out var code, out var message) ? address : throw new InvalidInputException(path, code, message);

    private static int Took(long started) => (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
}
