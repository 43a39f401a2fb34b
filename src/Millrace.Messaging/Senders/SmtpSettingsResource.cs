using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Senders;

/// <summary>
/// <c>/api/app/sending</c>: through which server the account's mail goes, and whether it is on hold. The password
/// can be written, never read.
/// </summary>
internal sealed class SmtpSettingsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("sending", ShowAsync).WithName("sending_show").RequirePermission(Permission.ManageSending);
        routes.App.MapPut("sending/smtp", SaveAsync).WithName("sending_smtp_save").RequirePermission(Permission.ManageSending);
        routes.App.MapDelete("sending/smtp", RemoveAsync).WithName("sending_smtp_remove").RequirePermission(Permission.ManageSending);
        routes.App.MapPost("sending/pause", PauseAsync).WithName("sending_pause").RequirePermission(Permission.ManageSending);
        routes.App.MapPost("sending/resume", ResumeAsync).WithName("sending_resume").RequirePermission(Permission.ManageSending);
    }

    /// <param name="Password">Null keeps the one that is stored, an empty text removes it.</param>
    internal sealed record SmtpInput(string Host, int Port, SmtpTls Tls, string? UserName = null, string? Password = null);

    internal sealed record SmtpView(string Host, int Port, SmtpTls Tls, string? UserName, bool HasSecret);

    internal sealed record PauseView(string Reason, string Detail, DateTimeOffset? Until);

    /// <param name="Source"><c>account</c>, <c>server</c> or <c>catcher</c>: where mail really goes.</param>
    internal sealed record SendingView(string Source, SmtpView? Smtp, PauseView? Pause);

    private static async Task<SendingView> ShowAsync(
        CurrentAccount account, NpgsqlDataSource database, IOptions<SmtpOptions> server, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await FindAsync(work, account.Id, cancellationToken);
        var pause = await Sql.Of($"select reason, detail, until from messaging.pause where account_id = {account.Id}")
            .FirstAsync<PauseView>(work, cancellationToken);
        var source = row is not null ? "account" : server.Value.Endpoint is not null ? "server" : "catcher";
        return new(source, row is null ? null : new(row.Host, row.Port, row.Tls, row.UserName, row.Password is not null), pause);
    }

    private static async Task<NoContent> SaveAsync(
        SmtpInput request, CurrentAccount account, NpgsqlDataSource database, KeyRing keys, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        Check(request.Host, request.Port);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var sealedPassword = string.IsNullOrEmpty(request.Password) ? null : keys.Seal(request.Password, SmtpRow.Place(account.Id));
        await Sql.Of($"""
            insert into messaging.smtp_settings as p (account_id, host, port, tls, user_name, password, updated_at)
            values ({account.Id}, {request.Host.Trim()}, {request.Port}, {request.Tls}, {request.UserName}, {sealedPassword}, {clock.GetUtcNow()})
            on conflict (account_id) do update
            set host = excluded.host, port = excluded.port, tls = excluded.tls, user_name = excluded.user_name, updated_at = excluded.updated_at,
                password = case when {request.Password is null} then p.password else excluded.password end
            """).ExecuteAsync(work, cancellationToken);
        await LiftAsync(work, account.Id, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "smtp.save", "smtp", null, new { request.Host, request.Port, request.UserName }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveAsync(
        CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"delete from messaging.smtp_settings where account_id = {account.Id}").ExecuteAsync(work, cancellationToken);
        await LiftAsync(work, account.Id, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "smtp.remove", "smtp", null, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> PauseAsync(
        CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await SendGate.CloseAsync(work.Transaction, account.Id, cancellationToken);
        await Sql.Of($"""
            insert into messaging.pause (account_id, reason, paused_at) values ({account.Id}, 'by_user', {clock.GetUtcNow()})
            on conflict (account_id) do update set reason = excluded.reason, detail = '', until = null, paused_at = excluded.paused_at
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sending.pause", "account", account.Id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ResumeAsync(
        CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await LiftAsync(work, account.Id, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sending.resume", "account", account.Id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>What waited for the hold is due at once.</summary>
    private static async Task LiftAsync(AccountTransaction work, long accountId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Sql.Of($"delete from messaging.pause where account_id = {accountId}").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            update messaging.send set next_at = {now}
            where account_id = {accountId} and next_at > {now} and state = 'deferred' and reason in ('paused', 'account', 'host_down', 'sender_not_verified')
            """).ExecuteAsync(work, cancellationToken);
    }

    internal static Task<SmtpRow?> FindAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) => Sql.Of($"""
        select account_id, host, port, tls, user_name, password from messaging.smtp_settings where account_id = {accountId}
        """).FirstAsync<SmtpRow>(work, cancellationToken);

    internal static void Check(string host, int port)
    {
        if (Uri.CheckHostName(host.Trim()) == UriHostNameType.Unknown)
        {
            throw new InvalidInputException("/host", "host_invalid", "This is no host name.");
        }

        if (port is < 1 or > 65535)
        {
            throw new InvalidInputException("/port", "port_invalid", "A port is a number from 1 to 65535.");
        }
    }
}
