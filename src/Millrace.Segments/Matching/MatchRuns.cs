using System.Text.Json;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;
using Millrace.Segments.Definitions;
using Npgsql;

namespace Millrace.Segments.Matching;

/// <summary>
/// Who is in a segment at a moment. The request that starts a run looks itself for as long as its caller waits; what takes longer is left to
/// <see cref="FinishMatchRuns"/>. Nobody else touches a run meanwhile, and whoever finishes it first has finished it.
/// </summary>
internal sealed class MatchRuns(NpgsqlDataSource database, IConditions conditions, IAccountSettings accounts, TimedLooks looks, TimeProvider clock)
{
    /// <summary>How long a run can be read.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>The most that are kept of an account; older ones go first.</summary>
    public const int MaxKept = 1_000;

    /// <summary>The most contacts that are kept in all of them together, besides the newest run: some 160 MB.</summary>
    public const long MaxContacts = 20_000_000;

    /// <summary>How long a caller waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <param name="mine">Whether the caller looks itself; else the next worker.</param>
    public async Task<Guid> BeginAsync(
        AccountTransaction work, long accountId, FoundSegment segment, string kind, JsonElement tree, int? limit, bool mine, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await Sql.Of($"""
            insert into segments.match_run (account_id, id, kind, segment_id, definition_id, segment_at, tree, size_limit, started_at, worker_until)
            values ({accountId}, {id}, {kind}, {segment.SegmentId}, {segment.DefinitionId}, {segment.UpdatedAt}, {tree}, {limit}, {now},
                    case when {mine} then now() + interval '15 seconds' end)
            """).ExecuteAsync(work, cancellationToken);
        await ForgetOldAsync(work, accountId, MaxKept, MaxContacts, cancellationToken);
        return id;
    }

    /// <summary>Removes the oldest of those that have ended, down to what may be kept.</summary>
    public static Task ForgetOldAsync(AccountTransaction work, long accountId, int maxRuns, long maxContacts, CancellationToken cancellationToken) => Sql.Of($"""
        delete from segments.match_run r
        using (select id, row_number() over newest as no, sum(coalesce(found, 0)) over newest as contacts
               from segments.match_run where account_id = {accountId}
               window newest as (order by started_at desc, id desc)) k
        where r.account_id = {accountId} and r.id = k.id and r.ended_at is not null and (k.no > {maxRuns} or (k.contacts > {maxContacts} and k.no > 2))
        """).ExecuteAsync(work, cancellationToken);

    /// <summary>Looks for as long as a caller waits.</summary>
    /// <returns>False when that was too short: a worker goes on.</returns>
    public async Task<bool> TryAsync(MatchWork run, CancellationToken cancellationToken)
    {
        try
        {
            await FindAsync(run, (work, find) => looks.QuestionAsync(work, "segment", Patience, find, cancellationToken), cancellationToken);
            return true;
        }
        catch (InvalidInputException e) when (e.Code == "too_slow")
        {
            await LeaveAsync(run, cancellationToken);
            return false;
        }
    }

    /// <summary>Looks for as long as the work of a worker may take.</summary>
    /// <exception cref="InvalidInputException"><c>too_slow</c>, or the tree means nothing any more.</exception>
    public Task FindAsync(MatchWork run, CancellationToken cancellationToken) =>
        FindAsync(run, (work, find) => looks.ChoiceAsync(work, "segment", find, cancellationToken), cancellationToken);

    /// <summary>Ends a run that cannot be finished.</summary>
    public async Task FailAsync(MatchWork run, string problem, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, run.AccountId, cancellationToken);
        await Sql.Of($"""
            update segments.match_run set ended_at = {clock.GetUtcNow()}, problem = {problem}, worker_until = null
            where account_id = {run.AccountId} and id = {run.Id} and ended_at is null
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Lets another go on at once.</summary>
    public async Task LeaveAsync(MatchWork run, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, run.AccountId, cancellationToken);
        await Sql.Of($"update segments.match_run set worker_until = null where account_id = {run.AccountId} and id = {run.Id} and ended_at is null")
            .ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>One statement finds and keeps them: the ids do not leave the database.</summary>
    private async Task FindAsync(MatchWork run, Func<AccountTransaction, Func<Task<int>>, Task<int>> within, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var zone = (await accounts.GetAsync(run.AccountId, cancellationToken)).TimeZone;
        var tree = conditions.Parse(run.Tree, "segment");
        await using var work = await AccountTransaction.BeginAsync(database, run.AccountId, cancellationToken);
        var resolved = await conditions.ResolveAsync(work.Transaction, run.AccountId, tree, cancellationToken);
        var matches = conditions.Compile(resolved, new SegmentContext(run.AccountId, now, zone));
        var store = Sql.Of($"""
            update segments.match_run r set contact_ids = found.ids, ended_at = {now}, worker_until = null
            from (select coalesce(array_agg(m.id order by m.id), array[]::bigint[]) as ids
                  from (select c.id from contacts.contact c where c.account_id = {run.AccountId} and {matches} order by c.id limit {run.SizeLimit}) m) found
            where r.account_id = {run.AccountId} and r.id = {run.Id} and r.ended_at is null
            """);
        await within(work, () => store.ExecuteAsync(work, cancellationToken));
        await work.CommitAsync(cancellationToken);
    }
}
