using System.Text.Json;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Senders.Checks;

/// <summary>Whether the account may send for the domain, as far as DNS shows.</summary>
internal enum DomainState
{
    /// <summary>The key has not been seen yet.</summary>
    Pending,
    Verified,

    /// <summary>Something else stands in the key's place, or it was there and is gone.</summary>
    Failed,
}

/// <summary>
/// Checks one domain: reads the row, asks DNS outside of any transaction, writes what was found. The key's record decides, since only who
/// owns the domain can put it there; a name server that does not answer changes nothing.
/// </summary>
internal sealed class DomainChecker(
    RecordChecks checks, NpgsqlDataSource database, IOptions<SendingOptions> sending, IOptions<SmtpOptions> smtp, PublicAddress address, TimeProvider clock)
{
    /// <summary>So often in a row the key must be missing before a verified domain is held: others make mistakes too.</summary>
    public const int MaxFailures = 3;

    /// <summary>How long mails that an old key has signed may be under way: servers give up after five days.</summary>
    public static readonly TimeSpan OldKeyStays = TimeSpan.FromDays(7);

    internal sealed record Row(
        string Domain, string Selector, string PublicRecord, string? ReturnPath, DomainState State, short Failures, DateTimeOffset CreatedAt, string? NextSelector,
        string? NextPublicRecord, string? OldSelector, string? OldPublicRecord, DateTimeOffset? OldUntil, string? TrackingHost)
    {
        public static readonly Sql Columns = Sql.Of(
            $"domain, selector, public_record, return_path, state, failures, created_at, next_selector, next_public_record, old_selector, old_public_record, old_until, tracking_host");
    }

    /// <summary>The server's own name, when it has one.</summary>
    public string? PublicHost =>
        Uri.TryCreate(address.Url, UriKind.Absolute, out var url) && url.HostNameType == UriHostNameType.Dns && url.IdnHost.Contains('.', StringComparison.Ordinal)
            ? url.IdnHost : null;

    /// <summary>Host that takes bounces: what the operator says, or the host of the public address when that is a name.</summary>
    public string? BounceHost => sending.Value.BounceHost is { Length: > 0 } configured ? configured.ToLowerInvariant() : PublicHost;

    /// <summary>The records a domain should have, given how the account's mail leaves.</summary>
    public DomainSetup Setup(Row row, bool hasOwnServer) => new(
        row.Domain, row.Selector, row.PublicRecord, row.ReturnPath,
        !hasOwnServer && smtp.Value.Endpoint is not null && sending.Value.SpfTerm is { Length: > 0 } term ? term : null, BounceHost)
    {
        Next = row.NextSelector is null ? null : new(row.NextSelector, row.NextPublicRecord!),
        Old = row.OldSelector is null ? null : new(row.OldSelector, row.OldPublicRecord!),
        TrackingHost = row.TrackingHost,
        PublicHost = PublicHost,
    };

    public static Task<bool> HasOwnServerAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        Sql.Of($"select exists (select 1 from messaging.smtp_settings where account_id = {accountId})").FirstAsync<bool>(work, cancellationToken);

    /// <returns>False when there is no such domain.</returns>
    public async Task<bool> RunAsync(long accountId, long id, CancellationToken cancellationToken)
    {
        Row? row;
        DomainSetup setup;
        await using (var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken))
        {
            row = await FindAsync(work, accountId, id, cancellationToken);
            if (row is null)
            {
                return false;
            }

            setup = Setup(row, await HasOwnServerAsync(work, accountId, cancellationToken));
        }

        var found = await checks.RunAsync(setup, cancellationToken);
        var now = clock.GetUtcNow();
        await using (var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken))
        {
            var (state, failures) = Decide(row.State, row.Failures, found[0].State);
            var returnPath = found.FirstOrDefault(f => f.Purpose == RecordPurpose.ReturnPath)?.State;
            var tracking = found.FirstOrDefault(f => f.Purpose == RecordPurpose.Tracking)?.State;
            var stored = await Sql.Of($"""
                update messaging.sender_domain
                set tracking_ok = case {tracking} when 'ok' then true when 'unknown' then tracking_ok else false end,
                    state = {state}, failures = {failures}, checked_at = {now}, checks = {new JsonText(JsonSerializer.Serialize(found, AppJson.Options))},
                    verified_at = case when {state} = 'verified' then coalesce(verified_at, {now}) else verified_at end,
                    return_path_ok = case {returnPath} when 'ok' then true when 'unknown' then return_path_ok else false end,
                    next_check_at = {now + Pause(state, failures, found, now - row.CreatedAt)}
                where account_id = {accountId} and id = {id} and return_path is not distinct from {row.ReturnPath} and selector = {row.Selector}
                  and next_selector is not distinct from {row.NextSelector} and tracking_host is not distinct from {row.TrackingHost}
                """).ExecuteAsync(work, cancellationToken);
            if (stored > 0)
            {
                await TurnKeysAsync(work, accountId, id, row, found.FirstOrDefault(f => f.Purpose == RecordPurpose.DkimNext)?.State == RecordState.Ok, now, cancellationToken);
            }

            if (stored > 0 && state == DomainState.Verified && row.State != DomainState.Verified)
            {
                await SenderPolicy.ReleaseAsync(work.Transaction, accountId, now, cancellationToken);
            }

            await work.CommitAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>What one more look at the key makes of the domain. Pure.</summary>
    public static (DomainState State, short Failures) Decide(DomainState before, short failures, RecordState key) => key switch
    {
        RecordState.Ok => (DomainState.Verified, 0),
        RecordState.Unknown or RecordState.NotChecked => (before, failures),
        _ when before == DomainState.Verified => failures + 1 >= MaxFailures
            ? (DomainState.Failed, (short)(failures + 1)) : (DomainState.Verified, (short)(failures + 1)),
        RecordState.Wrong => (DomainState.Failed, failures),
        _ => (before, failures),
    };

    /// <summary>Daily while all is well; sooner while somebody waits for it, or while something seems to have gone wrong.</summary>
    private static TimeSpan Pause(DomainState state, short failures, IReadOnlyList<RecordCheck> found, TimeSpan age) =>
        found.Any(f => f.State == RecordState.Unknown) ? TimeSpan.FromMinutes(15)
        : state == DomainState.Verified && failures > 0 ? TimeSpan.FromHours(6)
        : found.Any(f => f.Purpose is RecordPurpose.DkimNext or RecordPurpose.Tracking && f.State != RecordState.Ok) ? TimeSpan.FromHours(1)
        : found.All(f => f.State == RecordState.Ok) || age > TimeSpan.FromDays(14) ? TimeSpan.FromDays(1)
        : age < TimeSpan.FromDays(2) ? TimeSpan.FromMinutes(15)
        : TimeSpan.FromHours(6);

    /// <summary>The next key signs as soon as everybody can see it; the last one is forgotten when nothing it signed can be under way any more.</summary>
    private static async Task TurnKeysAsync(
        AccountTransaction work, long accountId, long id, Row row, bool nextIsSeen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (nextIsSeen)
        {
            await Sql.Of($"""
                update messaging.sender_domain
                set old_selector = selector, old_public_record = public_record, old_until = {now + OldKeyStays}, selector = next_selector, private_key = next_private_key,
                    public_record = next_public_record, key_made_at = next_made_at, next_selector = null, next_private_key = null, next_public_record = null, next_made_at = null,
                    state = 'verified', failures = 0, verified_at = coalesce(verified_at, {now}), next_check_at = {now}
                where account_id = {accountId} and id = {id} and next_selector = {row.NextSelector}
                """).ExecuteAsync(work, cancellationToken);
        }
        else if (row.OldUntil <= now)
        {
            await Sql.Of($"""
                update messaging.sender_domain set old_selector = null, old_public_record = null, old_until = null
                where account_id = {accountId} and id = {id} and old_selector = {row.OldSelector}
                """).ExecuteAsync(work, cancellationToken);
        }
    }

    private static Task<Row?> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) => Sql.Of($"""
        select {Row.Columns} from messaging.sender_domain where account_id = {accountId} and id = {id}
        """).FirstAsync<Row>(work, cancellationToken);
}
