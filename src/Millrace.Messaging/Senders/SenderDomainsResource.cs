using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Json;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Millrace.Mail.Addresses;
using Millrace.Mail.Dkim;
using Millrace.Messaging.Senders.Checks;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Senders;

/// <summary><c>/api/app/sender-domains</c>: domains we sign for, with the DNS records to copy.</summary>
internal sealed class SenderDomainsResource : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("sender-domains", ListAsync).WithName("sender_domain_list").RequirePermission(Permission.ManageSending);
        routes.App.MapPost("sender-domains", AddAsync).WithName("sender_domain_add").RequirePermission(Permission.ManageSending);
        routes.App.MapPut("sender-domains/{id:long}/return-path", SetReturnPathAsync).WithName("sender_domain_return_path").RequirePermission(Permission.ManageSending);
        routes.App.MapPut("sender-domains/{id:long}/tracking", SetTrackingAsync).WithName("sender_domain_tracking").RequirePermission(Permission.ManageSending);
        routes.App.MapPost("sender-domains/{id:long}/keys", RotateAsync).WithName("sender_domain_rotate").RequirePermission(Permission.ManageSending);
        routes.App.MapDelete("sender-domains/{id:long}/keys", CancelRotationAsync).WithName("sender_domain_rotate_cancel").RequirePermission(Permission.ManageSending);
        routes.App.MapPost("sender-domains/{id:long}/check", CheckAsync).WithName("sender_domain_check").RequirePermission(Permission.ManageSending);
        routes.App.MapPut("sender-policy", SetPolicyAsync).WithName("sender_policy_save").RequirePermission(Permission.ManageSending);
        routes.App.MapDelete("sender-domains/{id:long}", RemoveAsync).WithName("sender_domain_remove").RequirePermission(Permission.ManageSending);
    }

    internal sealed record AddSenderDomain(string Domain);

    /// <param name="ReturnPath">A sub-domain, bounces go to it; null: to the sender's own address.</param>
    internal sealed record ReturnPathInput(string? ReturnPath);

    /// <param name="TrackingHost">A sub-domain, links of mails lead to it; null: to the server's own name.</param>
    internal sealed record TrackingInput(string? TrackingHost);

    internal sealed record PolicyInput(bool RefuseUnverified);

    /// <param name="Host">Full name of the record.</param>
    /// <param name="Value">What to copy; empty when only the mail provider can say it.</param>
    /// <param name="Required">Without it the domain does not count as verified.</param>
    /// <param name="Found">What stands there instead or already, at most five records.</param>
    /// <param name="Message">In words; empty before the first check.</param>
    internal sealed record DnsRecord(
        RecordPurpose Purpose, string Type, string Host, string Value, bool Required, RecordState State, IReadOnlyList<string> Found, string Message);

    /// <param name="Failures">Checks in a row that did not find the key of a verified domain; at three it is held.</param>
    /// <param name="ReturnPath">Where bounces are to go; it is used from the moment its record is found.</param>
    /// <param name="TrackingHost">Where links lead; likewise.</param>
    /// <param name="KeyMadeAt">When the key that signs was made; keys are best replaced once a year.</param>
    /// <param name="IsRotating">A new key waits to be seen in DNS.</param>
    /// <param name="OldKeyUntil">Until then the record of the key before this one must stay; null: there is none.</param>
    internal sealed record SenderDomainView(
        long Id, string Domain, string Selector, DomainState State, int Failures, DateTimeOffset? CheckedAt, DateTimeOffset? VerifiedAt, DateTimeOffset NextCheckAt,
        string? ReturnPath, string? TrackingHost, DateTimeOffset? KeyMadeAt, bool IsRotating, DateTimeOffset? OldKeyUntil, IReadOnlyList<DnsRecord> Records, DateTimeOffset CreatedAt);

    /// <param name="RefuseUnverified">Whether mail of other senders is held and automations with them are not published.</param>
    /// <param name="RefusedByServer">The server's operator decided so for all accounts.</param>
    /// <param name="BounceHost">Where return paths lead; null: this server has no public name, so there can be none.</param>
    internal sealed record SenderDomainList(IReadOnlyList<SenderDomainView> Domains, bool RefuseUnverified, bool RefusedByServer, string? BounceHost);

    private sealed record Row(
        long Id, DateTimeOffset? CheckedAt, DateTimeOffset? VerifiedAt, DateTimeOffset NextCheckAt, JsonElement Checks, DateTimeOffset? KeyMadeAt,
        string Domain, string Selector, string PublicRecord, string? ReturnPath, DomainState State, short Failures, DateTimeOffset CreatedAt, string? NextSelector,
        string? NextPublicRecord, string? OldSelector, string? OldPublicRecord, DateTimeOffset? OldUntil, string? TrackingHost)
    {
        public SenderDomainView ToView(DomainChecker checker, bool hasOwnServer)
        {
            var found = Checks.Deserialize<List<RecordCheck>>(AppJson.Options)!;
            var setup = checker.Setup(
                new(Domain, Selector, PublicRecord, ReturnPath, State, Failures, CreatedAt, NextSelector, NextPublicRecord, OldSelector, OldPublicRecord, OldUntil, TrackingHost),
                hasOwnServer);
            return new(
                Id, Domain, Selector, State, Failures, CheckedAt, VerifiedAt, NextCheckAt, ReturnPath, TrackingHost, KeyMadeAt, NextSelector is not null, OldUntil,
                [.. setup.Wanted().Select(w => View(w, found.Find(f => f.Purpose == w.Purpose)))], CreatedAt);
        }

        private static DnsRecord View(WantedRecord wanted, RecordCheck? check) => new(
            wanted.Purpose, wanted.Type, wanted.Host, check is { Value.Length: > 0 } ? check.Value : wanted.Value, wanted.Required,
            check?.State ?? RecordState.NotChecked, check?.Found ?? [], check?.Message ?? "");
    }

    private static async Task<SenderDomainList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, DomainChecker checker, IOptions<SendingOptions> options, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var hasOwnServer = await DomainChecker.HasOwnServerAsync(work, account.Id, cancellationToken);
        var refuses = await Sql.Of($"select refuse_unverified from messaging.sender_policy where account_id = {account.Id}").FirstAsync<bool?>(work, cancellationToken);
        var rows = await Sql.Of($"{Rows} where account_id = {account.Id} order by domain").ListAsync<Row>(work, cancellationToken);
        return new(
            [.. rows.Select(r => r.ToView(checker, hasOwnServer))], refuses == true || options.Value.RefuseUnverifiedSenders, options.Value.RefuseUnverifiedSenders,
            checker.BounceHost);
    }

    private static async Task<Created<SenderDomainView>> AddAsync(
        AddSenderDomain request, CurrentAccount account, NpgsqlDataSource database, DomainChecker checker, KeyRing keys, IAudit audit, WorkSignal signal,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse("postmaster@" + request.Domain.Trim(), out var address, out _, out var message))
        {
            throw new InvalidInputException("/domain", "domain_invalid", message);
        }

        using var key = DkimKey.Generate();
        var domain = address.Domain;
        var selector = NewSelector();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var now = clock.GetUtcNow();
        var id = await Sql.Of($"""
            insert into messaging.sender_domain (account_id, domain, selector, private_key, public_record, created_at, next_check_at, key_made_at)
            values ({account.Id}, {domain}, {selector}, {keys.Seal(key.ToPem(), DkimSigners.Place(account.Id, domain))}, {key.PublicRecord}, {now}, {now}, {now})
            returning id
            """).FirstAsync<long>(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sender_domain.add", "sender_domain", id, new { domain }, cancellationToken);
        var view = await ViewAsync(work, account.Id, id, checker, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(CheckSenderDomains));
        return TypedResults.Created($"/api/app/sender-domains/{id}", view);
    }

    /// <summary>Asks DNS now. What was asked a moment ago is not asked again.</summary>
    private static async Task<SenderDomainView> CheckAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, DomainChecker checker, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            var now = await ViewAsync(work, account.Id, id, checker, cancellationToken);
            if (now.CheckedAt > clock.GetUtcNow() - JustNow)
            {
                return now;
            }
        }

        await checker.RunAsync(account.Id, id, cancellationToken);
        await using var after = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await ViewAsync(after, account.Id, id, checker, cancellationToken);
    }

    private static async Task<SenderDomainView> SetReturnPathAsync(
        long id, ReturnPathInput request, CurrentAccount account, NpgsqlDataSource database, DomainChecker checker, IAudit audit, WorkSignal signal,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var domain = (await ViewAsync(work, account.Id, id, checker, cancellationToken)).Domain;
        var path = SubDomain(request.ReturnPath, domain, "/return_path", "bounce");
        if (path is not null && checker.BounceHost is null)
        {
            throw new InvalidInputException("/return_path", "no_public_host", "This server has no public name, so bounces cannot come to it.");
        }

        await Sql.Of($"""
            update messaging.sender_domain set return_path = {path}, return_path_ok = false, next_check_at = {clock.GetUtcNow()}, checked_at = null
            where account_id = {account.Id} and id = {id} and return_path is distinct from {path}
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sender_domain.return_path", "sender_domain", id, new { path }, cancellationToken);
        var view = await ViewAsync(work, account.Id, id, checker, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(CheckSenderDomains));
        return view;
    }

    private static async Task<NoContent> SetPolicyAsync(
        PolicyInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, IOptions<SendingOptions> options, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (!request.RefuseUnverified && options.Value.RefuseUnverifiedSenders)
        {
            throw new ConflictException("refused_by_server", "The server refuses such senders in every account.");
        }

        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            insert into messaging.sender_policy as p (account_id, refuse_unverified, updated_at) values ({account.Id}, {request.RefuseUnverified}, {now})
            on conflict (account_id) do update set refuse_unverified = excluded.refuse_unverified, updated_at = excluded.updated_at
            """).ExecuteAsync(work, cancellationToken);
        if (!request.RefuseUnverified)
        {
            await SenderPolicy.ReleaseAsync(work.Transaction, account.Id, now, cancellationToken);
        }

        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "sender_policy.save", "account", account.Id, new { request.RefuseUnverified }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await Sql.Of($"delete from messaging.sender_domain where account_id = {account.Id} and id = {id}").ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new NotFoundException();
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sender_domain.remove", "sender_domain", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<SenderDomainView> ViewAsync(
        AccountTransaction work, long accountId, long id, DomainChecker checker, CancellationToken cancellationToken)
    {
        var hasOwnServer = await DomainChecker.HasOwnServerAsync(work, accountId, cancellationToken);
        var row = await Sql.Of($"{Rows} where account_id = {accountId} and id = {id}").FirstAsync<Row>(work, cancellationToken) ?? throw new NotFoundException();
        return row.ToView(checker, hasOwnServer);
    }

    /// <summary>Makes the next key, to be put into DNS beside the present one. It signs as soon as it is seen there.</summary>
    private static async Task<SenderDomainView> RotateAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, DomainChecker checker, KeyRing keys, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var key = DkimKey.Generate();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var before = await ViewAsync(work, account.Id, id, checker, cancellationToken);
        var now = clock.GetUtcNow();
        var made = await Sql.Of($"""
            update messaging.sender_domain
            set next_selector = {NewSelector()}, next_private_key = {keys.Seal(key.ToPem(), DkimSigners.Place(account.Id, before.Domain))}, next_public_record = {key.PublicRecord},
                next_made_at = {now}, next_check_at = {now.AddMinutes(5)}
            where account_id = {account.Id} and id = {id} and next_selector is null and old_selector is null
            """).ExecuteAsync(work, cancellationToken);
        if (made == 0)
        {
            throw new ConflictException("rotation_under_way", before.IsRotating
                ? "A new key is waiting already: put its record into DNS." : "The key before this one is still needed; a new one can be made when its time is over.");
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sender_domain.rotate", "sender_domain", id, null, cancellationToken);
        var view = await ViewAsync(work, account.Id, id, checker, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return view;
    }

    private static async Task<SenderDomainView> CancelRotationAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, DomainChecker checker, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await Sql.Of($"""
            update messaging.sender_domain set next_selector = null, next_private_key = null, next_public_record = null, next_made_at = null
            where account_id = {account.Id} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
        var view = await ViewAsync(work, account.Id, id, checker, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sender_domain.rotate_cancel", "sender_domain", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return view;
    }

    private static async Task<SenderDomainView> SetTrackingAsync(
        long id, TrackingInput request, CurrentAccount account, NpgsqlDataSource database, DomainChecker checker, IAudit audit, WorkSignal signal, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var domain = (await ViewAsync(work, account.Id, id, checker, cancellationToken)).Domain;
        var host = SubDomain(request.TrackingHost, domain, "/tracking_host", "links");
        if (host is not null && checker.PublicHost is null)
        {
            throw new InvalidInputException("/tracking_host", "no_public_host", "This server has no public name, so no other name can lead to it.");
        }

        await Sql.Of($"""
            update messaging.sender_domain set tracking_host = {host}, tracking_ok = false, next_check_at = {clock.GetUtcNow()}, checked_at = null
            where account_id = {account.Id} and id = {id} and tracking_host is distinct from {host}
            """).ExecuteAsync(work, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sender_domain.tracking", "sender_domain", id, new { host }, cancellationToken);
        var view = await ViewAsync(work, account.Id, id, checker, cancellationToken);
        await work.CommitAsync(cancellationToken);
        signal.Pulse(nameof(CheckSenderDomains));
        return view;
    }

    /// <returns>Null when nothing was given.</returns>
    private static string? SubDomain(string? text, string domain, string path, string example)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var host = EmailAddress.TryParse("x@" + text.Trim(), out var address, out _, out var message) && address.Domain.Length <= 200
            ? address.Domain
            : throw new InvalidInputException(path, "domain_invalid", message ?? "This name is too long.");
        return host.EndsWith("." + domain, StringComparison.Ordinal)
            ? host : throw new InvalidInputException(path, "not_a_subdomain", $"This is a name below {domain}, for example {example}.{domain}.");
    }

    private static string NewSelector() => $"mr{RandomToken.New(8).ToLowerInvariant()}";

    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(2);

    private static readonly Sql Rows = Sql.Of($"""
        select id, checked_at, verified_at, next_check_at, checks, key_made_at, {DomainChecker.Row.Columns} from messaging.sender_domain
        """);
}
