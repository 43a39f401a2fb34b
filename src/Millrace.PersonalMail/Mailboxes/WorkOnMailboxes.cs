using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Millrace.Mail.Imap;
using Npgsql;

namespace Millrace.PersonalMail.Mailboxes;

/// <summary>
/// Does what connected mailboxes need: sends what waits, files what was sent, reads what came in. A mailbox is worked on by one process at a time: it holds a lease,
/// and every change asks whether it still does. No transaction is open while a server is spoken to.
/// </summary>
internal sealed partial class WorkOnMailboxes(
    NpgsqlDataSource database, SendByMailbox send, FileSent file, ReadReplies read, KeyRing keys, MailServerDoor door, IOptions<MailboxOptions> options, IActivityLog activities,
    TimeProvider clock, ILogger<WorkOnMailboxes> logger) : IWorkerPass
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var boxes = await TakeAsync(cancellationToken);
        var worked = 0;
        await Parallel.ForEachAsync(boxes, new ParallelOptions { MaxDegreeOfParallelism = options.Value.AtOnce, CancellationToken = cancellationToken }, async (box, token) =>
        {
            if (await WorkAsync(box, token))
            {
                Interlocked.Increment(ref worked);
            }
        });
        return worked;
    }

    private async Task<List<MailboxRow>> TakeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var due = await Sql.Of($"""
            select account_id, id from (
                (select b.account_id, b.id from personal.mailbox b where b.removed_at is null and b.due_at <= {now} and (b.lease_until is null or b.lease_until <= {now}) order by b.due_at limit 100)
                union
                (select b.account_id, b.id from (select account_id, mail_id from personal.recipient where next_at is not null and next_at <= {now} order by next_at limit 500) r
                 join personal.mail m on m.account_id = r.account_id and m.id = r.mail_id
                 join personal.mailbox b on b.account_id = m.account_id and b.id = m.mailbox_id and b.removed_at is null and (b.lease_until is null or b.lease_until <= {now})
                    and (b.error_code is distinct from 'failed' or b.due_at <= {now}))) d
            limit {options.Value.AtOnce * 4}
            """).ListAsync<Found>(work, cancellationToken);
        var taken = due.Count == 0 ? [] : await Sql.Of($"""
            update personal.mailbox b set lease_until = {now + Lease}, epoch = b.epoch + 1
            from unnest({due.Select(d => d.AccountId).ToArray()}, {due.Select(d => d.Id).ToArray()}) as d (account_id, id)
            where b.account_id = d.account_id and b.id = d.id and b.removed_at is null and (b.lease_until is null or b.lease_until <= {now})
            returning {MailboxRow.Columns}
            """).ListAsync<MailboxRow>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return taken;
    }

    private async Task<bool> WorkAsync(MailboxRow box, CancellationToken cancellationToken)
    {
        var worked = false;
        DateTimeOffset? due = null;
        var (failures, code, error) = (0, (string?)null, (string?)null);
        try
        {
            var sent = await send.RunAsync(box, cancellationToken);
            worked = sent > 0;
            if (sent > 0 || box.DueAt <= clock.GetUtcNow())
            {
                await using var connection = await ImapConnection.OpenAsync(box.Imap(keys), door.Imap, cancellationToken);
                worked |= await file.RunAsync(box, connection, cancellationToken) > 0;
                worked |= await read.RunAsync(box, connection, cancellationToken) > 0;
                due = clock.GetUtcNow().AddSeconds(options.Value.PollSeconds);
            }
        }
        catch (ImapException e)
        {
            failures = box.Failures + 1;
            var pause = TimeSpan.FromSeconds(options.Value.PollSeconds * Math.Pow(2, Math.Min(failures, 10)));
            (due, code, error) = (clock.GetUtcNow() + (pause < LongestPause ? pause : LongestPause), e.Fault.ToString().ToLowerInvariant(), e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException and not NpgsqlException)
        {
            LogFailed(e, box.Id, box.AccountId);
            (due, code, error, failures) = (clock.GetUtcNow().AddMinutes(10), "failed", "The mailbox could not be worked on.", box.Failures + 1);
        }
        finally
        {
            await ReleaseAsync(box, due, failures, code, error);
        }

        if (worked)
        {
            activities.Wake();
        }

        return worked;
    }

    /// <summary>Lets another have it. When the process is stopping the lease still goes back, so that nobody waits for its end. Who asked for a look meanwhile gets one.</summary>
    private async Task ReleaseAsync(MailboxRow box, DateTimeOffset? due, int failures, string? code, string? error)
    {
        await using var work = await AccountTransaction.BeginAsync(database, box.AccountId, CancellationToken.None);
        await Sql.Of($"""
            update personal.mailbox
            set lease_until = null, due_at = case when due_at = {box.DueAt} then coalesce({due}, due_at) else due_at end, failures = case when {due} is null then failures else {failures} end,
                error_code = case when {due} is null then error_code else {code} end, error = case when {due} is null then error else left({error}, 1000) end
            where account_id = {box.AccountId} and id = {box.Id} and epoch = {box.Epoch}
            """).ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private sealed record Found(long AccountId, long Id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mailbox {Id} of account {AccountId} could not be worked on")]
    private partial void LogFailed(Exception exception, long id, long accountId);
}
