using System.Security.Authentication;
using Millrace.Kernel.Errors;
using Millrace.Mail.Imap;
using Millrace.Mail.Smtp;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>Tries a mailbox: both servers, one after the other, as they will be used. What fails is said at the field that can mend it.</summary>
internal sealed class MailboxTester(MailServerDoor door, TimeProvider clock)
{
    /// <returns>The folder for sent mail that was found (null: none), and what is wrong.</returns>
    public async Task<(string? SentFolder, IReadOnlyList<FieldError> Errors)> TryAsync(
        ImapEndpoint imap, SmtpEndpoint smtp, string? chosenFolder, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        string? sent = null;
        try
        {
            await using var connection = await ImapConnection.OpenAsync(
                imap, door.Imap with { ConnectTimeout = TimeSpan.FromSeconds(10), CommandTimeout = TimeSpan.FromSeconds(15) }, cancellationToken);
            await connection.ExamineAsync("INBOX", cancellationToken);
            sent = SentFolders.Find(await connection.ListAsync(cancellationToken), chosenFolder);
            if (chosenFolder is not null && sent is null)
            {
                errors.Add(new("/sent_folder", "folder_missing", "The mailbox has no such folder."));
            }
        }
        catch (ImapException e)
        {
            errors.Add(e.Fault switch
            {
                ImapFault.Login => new("/password", "login_refused", $"The IMAP server does not take user name and password: {e.Message}"),
                ImapFault.Tls => new("/imap_tls", "tls_failed", e.Message),
                ImapFault.Protocol => new("/imap_port", "not_imap", e.Message),
                ImapFault.Refused => new("/imap_host", "refused", $"The IMAP server refuses: {e.Message}"),
                _ => new("/imap_host", "not_reached", e.Message),
            });
        }

        var (smtpConnection, failure) = await SmtpConnection.OpenAsync(
            smtp, door.Smtp with { ConnectTimeout = TimeSpan.FromSeconds(10), CommandTimeout = TimeSpan.FromSeconds(15) }, clock, cancellationToken);
        if (smtpConnection is not null)
        {
            await smtpConnection.DisposeAsync();
        }
        else
        {
            errors.Add(SmtpError(failure!));
        }

        return (sent, errors);
    }

    private static FieldError SmtpError(SmtpSendResult failure)
    {
        var words = failure.Reply?.ToString() ?? failure.Exception?.Message ?? "no answer";
        words = words.Length > 300 ? words[..300] : words;
        return failure.Stage switch
        {
            SmtpStage.Auth => new("/password", "login_refused", $"The SMTP server does not take user name and password: {words}"),
            SmtpStage.Tls => new("/smtp_tls", "tls_failed", $"No secure connection to the SMTP server: {words}"),
            _ when failure.Exception is AuthenticationException => new("/smtp_tls", "tls_failed", $"No secure connection to the SMTP server: {words}"),
            SmtpStage.Connect => new("/smtp_host", "not_reached", $"The SMTP server could not be reached: {words}"),
            _ => new("/smtp_host", "refused", $"The SMTP server does not answer as one: {words}"),
        };
    }
}
