using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Millrace.Mail.Addresses;
using Millrace.Mail.Smtp;
using Npgsql;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary><c>/api/app/mailboxes</c>: the mailboxes that a user has connected for 1:1 e-mails. Each user sees his own only; passwords can be written, never read.</summary>
internal sealed class MailboxEndpoints : IEndpoint
{
    private const int MaxMailboxes = 10;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("mailboxes", ListAsync).WithName("mailbox_list").RequirePermission(Permission.Use);
        routes.App.MapPost("mailboxes", ConnectAsync).WithName("mailbox_connect").RequirePermission(Permission.Use);
        routes.App.MapPut("mailboxes/{id:long}", ChangeAsync).WithName("mailbox_change").RequirePermission(Permission.Use);
        routes.App.MapDelete("mailboxes/{id:long}", DisconnectAsync).WithName("mailbox_disconnect").RequirePermission(Permission.Use);
        routes.App.MapPost("mailboxes/{id:long}/check", CheckNowAsync).WithName("mailbox_check").RequirePermission(Permission.Use);
    }

    /// <param name="Name">Shown beside the address; empty: the user's name.</param>
    /// <param name="UserName">For both servers.</param>
    /// <param name="Password">Null keeps the one that is stored, as long as address, servers and user name stay the same.</param>
    /// <param name="SentFolder">Null: found by itself.</param>
    /// <param name="FilesSent">Puts a copy of what is sent into that folder.</param>
    internal sealed record MailboxInput(
        string Email, string ImapHost, int ImapPort, SmtpTls ImapTls, string SmtpHost, int SmtpPort, SmtpTls SmtpTls, string UserName, string? Password = null, string Name = "",
        string? SentFolder = null, bool FilesSent = true);

    /// <param name="ErrorCode">Of the last look into it; null: all is well.</param>
    internal sealed record MailboxView(
        long Id, string Email, string Name, string ImapHost, int ImapPort, SmtpTls ImapTls, string SmtpHost, int SmtpPort, SmtpTls SmtpTls, string UserName, string? SentFolder,
        bool FilesSent, DateTimeOffset? ReadAt, string? ErrorCode, string? Error);

    internal sealed record MailboxList(IReadOnlyList<MailboxView> Mailboxes);

    private static async Task<MailboxList> ListAsync(CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return new(await ViewsAsync(work, account, null, cancellationToken));
    }

    /// <summary>Tries both servers first, and stores nothing that does not work: 422 with the field that is at fault.</summary>
    private static async Task<Created<MailboxView>> ConnectAsync(
        MailboxInput request, CurrentAccount account, NpgsqlDataSource database, MailServerDoor door, MailboxTester tester, KeyRing keys, IAudit audit, WorkSignal signal,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var (email, password) = (Check(request, door), request.Password ?? throw new InvalidInputException("/password", "required", "A password is needed."));
        await TryAsync(request, password, tester, cancellationToken);
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if ((await ViewsAsync(work, account, null, cancellationToken)).Count >= MaxMailboxes)
        {
            throw new ConflictException("too_many_mailboxes", $"A user has at most {MaxMailboxes} mailboxes.");
        }

        var id = await Sql.Of($"""
            insert into personal.mailbox (account_id, user_id, email, name, imap_host, imap_port, imap_tls, smtp_host, smtp_port, smtp_tls, user_name, password, sent_folder, files_sent,
                due_at, created_at, updated_at)
            values ({account.Id}, {account.UserId}, {email}, {request.Name.Trim()}, {request.ImapHost.Trim()}, {request.ImapPort}, {request.ImapTls}, {request.SmtpHost.Trim()},
                {request.SmtpPort}, {request.SmtpTls}, {request.UserName}, {keys.Seal(password, MailboxRow.Place(account.Id, email))}, {request.SentFolder}, {request.FilesSent}, {now}, {now}, {now})
            returning id
            """).FirstAsync<long>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mailbox.connect", "mailbox", id, new { request.ImapHost, request.SmtpHost }, cancellationToken);
        var view = (await ViewsAsync(work, account, id, cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(WorkOnMailboxes));
        return TypedResults.Created($"/api/app/mailboxes/{id}", view);
    }

    /// <inheritdoc cref="ConnectAsync"/>
    private static async Task<MailboxView> ChangeAsync(
        long id, MailboxInput request, CurrentAccount account, NpgsqlDataSource database, MailServerDoor door, MailboxTester tester, KeyRing keys, IAudit audit, WorkSignal signal,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var email = Check(request, door);
        MailboxRow before;
        await using (var look = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            before = await FindAsync(look, account, id, cancellationToken);
        }

        // A stored password goes only to the servers it was stored for, or a stranger's host could ask for it.
        var same = Same(before.ImapHost, request.ImapHost) && before.ImapPort == request.ImapPort && Same(before.SmtpHost, request.SmtpHost) && before.SmtpPort == request.SmtpPort
            && before.UserName == request.UserName && before.Email == email && before.ImapTls == request.ImapTls && before.SmtpTls == request.SmtpTls;
        var password = request.Password ?? (same ? keys.Open(before.Password, MailboxRow.Place(account.Id, before.Email))
            : throw new InvalidInputException("/password", "required", "Give the password again: servers, address or user name have changed."));
        await TryAsync(request, password, tester, cancellationToken);
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await FindAsync(work, account, id, cancellationToken);

        // Another server numbers its mails another way.
        await Sql.Of($"""
            update personal.mailbox
            set email = {email}, name = {request.Name.Trim()}, imap_host = {request.ImapHost.Trim()}, imap_port = {request.ImapPort}, imap_tls = {request.ImapTls},
                smtp_host = {request.SmtpHost.Trim()}, smtp_port = {request.SmtpPort}, smtp_tls = {request.SmtpTls}, user_name = {request.UserName},
                password = {keys.Seal(password, MailboxRow.Place(account.Id, email))}, sent_folder = {request.SentFolder}, files_sent = {request.FilesSent}, due_at = {now},
                uid_validity = case when {same} then uid_validity end, uid_next = case when {same} then uid_next end, failures = 0, error_code = null, error = null, updated_at = {now}
            where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mailbox.change", "mailbox", id, new { request.ImapHost, request.SmtpHost }, cancellationToken);
        var view = (await ViewsAsync(work, account, id, cancellationToken))[0];
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(WorkOnMailboxes));
        return view;
    }

    /// <summary>The password is deleted at once. Mails that still waited to be sent by it fail and say so.</summary>
    private static async Task<NoContent> DisconnectAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, Sending.MailFates fates, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await FindAsync(work, account, id, cancellationToken);
        await Sql.Of($"update personal.mailbox set removed_at = {now}, password = null, lease_until = null, epoch = epoch + 1 where account_id = {account.Id} and id = {id}")
            .ExecuteAsync(work, cancellationToken);
        var waiting = await Sql.Of($"""
            select r.mail_id, r.no from personal.mail m join personal.recipient r on r.account_id = m.account_id and r.mail_id = m.id
            where m.account_id = {account.Id} and m.mailbox_id = {id} and r.next_at is not null
            """).ListAsync<Waiting>(work, cancellationToken);
        await fates.ApplyAsync(
            work.Transaction, account.Id, [.. waiting.Select(w => new Sending.Fate(w.MailId, w.No, "failed", null, Sending.MailFates.NeverTried, null))], now, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "mailbox.disconnect", "mailbox", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Looks into it as soon as possible.</summary>
    private static async Task<NoContent> CheckNowAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, WorkSignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await FindAsync(work, account, id, cancellationToken);
        await Sql.Of($"update personal.mailbox set due_at = {clock.GetUtcNow()} where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(WorkOnMailboxes));
        return TypedResults.NoContent();
    }

    private static async Task TryAsync(MailboxInput request, string password, MailboxTester tester, CancellationToken cancellationToken)
    {
        var (_, errors) = await tester.TryAsync(
            new(request.ImapHost.Trim(), request.ImapPort, request.ImapTls, request.UserName, password),
            new(request.SmtpHost.Trim(), request.SmtpPort, request.SmtpTls, request.UserName, password), request.SentFolder, cancellationToken);
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }

    private static string Check(MailboxInput request, MailServerDoor door)
    {
        var errors = new List<FieldError>();
        if (!EmailAddress.TryParse(request.Email, out var email, out var code, out var message))
        {
            errors.Add(new("/email", code, message));
        }

        Server("imap", request.ImapHost, request.ImapPort, request.ImapTls);
        Server("smtp", request.SmtpHost, request.SmtpPort, request.SmtpTls);
        Text("/user_name", request.UserName, 1, 254);
        Text("/name", request.Name, 0, 200);
        Text("/password", request.Password ?? "x", 1, 500);
        Text("/sent_folder", request.SentFolder ?? "x", 1, 200);
        return errors.Count == 0 ? email!.Normalised : throw new InvalidInputException(errors);

        void Server(string which, string host, int port, SmtpTls tls)
        {
            if (host.Trim().Length > 253 || Uri.CheckHostName(host.Trim()) == UriHostNameType.Unknown)
            {
                errors.Add(new($"/{which}_host", "host_invalid", "This is no host name."));
            }

            if (port is < 1 or > 65535)
            {
                errors.Add(new($"/{which}_port", "port_invalid", "A port is a number from 1 to 65535."));
            }
            else if (door.PortProblem(port) is { } problem)
            {
                errors.Add(new($"/{which}_port", "port_not_allowed", problem));
            }

            if (tls == SmtpTls.None && !door.MayBePlain)
            {
                errors.Add(new($"/{which}_tls", "tls_required", "A password does not go through the network in clear text: choose TLS or STARTTLS."));
            }
        }

        void Text(string path, string text, int least, int most)
        {
            if (text.Length < least || text.Length > most || text.Any(c => char.IsControl(c)))
            {
                errors.Add(new(path, "length", $"This takes {least} to {most} characters."));
            }
        }
    }

    private static async Task<MailboxRow> FindAsync(AccountTransaction work, CurrentAccount account, long id, CancellationToken cancellationToken) => await Sql.Of($"""
        select {MailboxRow.Columns} from personal.mailbox b
        where b.account_id = {account.Id} and b.id = {id} and b.user_id = {account.UserId} and b.removed_at is null for update
        """).FirstAsync<MailboxRow>(work, cancellationToken) ?? throw new NotFoundException();

    private static Task<List<MailboxView>> ViewsAsync(AccountTransaction work, CurrentAccount account, long? id, CancellationToken cancellationToken) => Sql.Of($"""
        select id, email, name, imap_host, imap_port, imap_tls, smtp_host, smtp_port, smtp_tls, user_name, sent_folder, files_sent, read_at, error_code, error from personal.mailbox
        where account_id = {account.Id} and user_id = {account.UserId} and removed_at is null and ({id} is null or id = {id}) order by id
        """).ListAsync<MailboxView>(work, cancellationToken);

    private static bool Same(string one, string other) => one.Equals(other.Trim(), StringComparison.OrdinalIgnoreCase);

    private sealed record Waiting(long MailId, short No);
}
