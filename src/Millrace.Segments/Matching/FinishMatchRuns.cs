using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Segments.Matching;

/// <summary>
/// Finishes the runs that took longer than their callers waited, or whose caller is gone, and removes what is too old: runs after 90 days, segments that were only
/// given to be matched after a day.
/// </summary>
internal sealed class FinishMatchRuns(NpgsqlDataSource database, MatchRuns runs, IOptions<LookOptions> looks, TimeProvider clock) : IWorkerPass
{
    private const int MaxTries = 3;
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(10);
    private DateTimeOffset _swept = DateTimeOffset.MinValue;

    /// <returns>Runs worked on, or rows removed.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } claim)
        {
            return await SweepAsync(cancellationToken);
        }

        var run = new MatchWork(claim.AccountId, claim.Id, claim.Tree, claim.SizeLimit);
        try
        {
            await runs.FindAsync(run, cancellationToken);
        }
        catch (DomainException e)
        {
            await runs.FailAsync(run, e.Code, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await runs.LeaveAsync(run, CancellationToken.None);
            throw;
        }
        catch (Exception) when (claim.Tries >= MaxTries)
        {
            await runs.FailAsync(run, "failed", CancellationToken.None);
            throw;
        }

        return 1;
    }

    /// <summary>The oldest that nobody works on. Lease time is the database's own.</summary>
    private async Task<Claim?> ClaimAsync(CancellationToken cancellationToken)
    {
        var lease = looks.Value.ChoiceSeconds + 30;
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var claim = await Sql.Of($"""
            update segments.match_run r set worker_until = now() + make_interval(secs => {lease}), tries = r.tries + 1
            from (select account_id, id from segments.match_run
                  where ended_at is null and (worker_until is null or worker_until < now())
                  order by started_at limit 1
                  for no key update skip locked) next
            where r.account_id = next.account_id and r.id = next.id
            returning r.account_id, r.id, r.tree, r.size_limit, r.tries
            """).FirstAsync<Claim>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return claim;
    }

    private async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - _swept < BetweenSweeps)
        {
            return 0;
        }

        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var removed = await Sql.Of($"delete from segments.definition where expires_at <= {now}").ExecuteAsync(work, cancellationToken)
            + await Sql.Of($"delete from segments.match_run where started_at <= {now - MatchRuns.Kept}").ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        _swept = now;
        return removed;
    }

    private sealed record Claim(long AccountId, Guid Id, System.Text.Json.JsonElement Tree, int? SizeLimit, int Tries);
}
