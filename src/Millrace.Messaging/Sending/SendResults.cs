using Microsoft.Extensions.Logging;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Deliverability;
using Millrace.Messaging.Suppression;
using Millrace.Messaging.Transactional.Events;

namespace Millrace.Messaging.Sending;

/// <summary>Writes results set-wise, with all they cause: activities, bounces, suppressions, pauses. Written twice it changes nothing twice.</summary>
internal sealed partial class SendResults(IActivityLog activities, BounceBook bounces, TransactionalEvents events, LetterTeller teller, ILogger<SendResults> logger)
{
    public async Task WriteAsync(AccountTransaction work, List<SendResult> results, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stored = await StoreAsync(work, results, now, cancellationToken);
        var changed = results.Where(r => stored.Contains(r.Parcel.Key)).ToList();
        foreach (var account in changed.GroupBy(r => r.Parcel.Send.AccountId))
        {
            await TellAsync(work, account.Key, [.. account], now, cancellationToken);
        }

        await events.ResultsAsync(work.Transaction, changed, now, cancellationToken);
        await teller.ResultsAsync(work.Transaction, changed, now, cancellationToken);
        var failed = changed.Where(r => r.State != SendState.Sent).ToList();
        if (failed.Count > 0)
        {
            await NoteAttemptsAsync(work, failed, now, cancellationToken);
        }

        await KeepDialoguesAsync(work, [.. changed.Where(r => r.Dialogue is not null)], now, cancellationToken);
    }

    private static async Task<HashSet<SendKey>> StoreAsync(
        AccountTransaction work, List<SendResult> results, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var handed = results.Select(r => r.Parcel.HandedOver).ToArray();
        var stored = await Sql.Of($"""
            update messaging.send s
            set state = r.state, next_at = r.next_at, finished_at = case when r.next_at is null then {now} end, attempts = r.attempt - r.uncounted,
                ambiguities = s.ambiguities + case when r.state in ('ambiguous', 'unknown') then 1 else 0 end,
                reply_code = r.code, reply_text = r.reply, reason = r.class
            from unnest({results.Select(r => r.Parcel.Key.AccountId).ToArray()}, {results.Select(r => r.Parcel.Key.SendId).ToArray()},
                        {results.Select(r => r.Parcel.Epoch).ToArray()}, {results.Select(r => r.Parcel.Attempt).ToArray()}, {handed},
                        {results.Select(r => EnumNames<SendState>.NameOf(r.State)).ToArray()}, {results.Select(r => r.NextAt).ToArray()},
                        {results.Select(r => (short?)r.Reply?.Code).ToArray()}, {results.Select(r => r.Reply?.Text).ToArray()},
                        {results.Select(r => r.Class).ToArray()}, {results.Select(r => (short)(r.Counted ? 0 : 1)).ToArray()})
                 as r (account_id, id, epoch, attempt, handed, state, next_at, code, reply, class, uncounted)
            where s.account_id = r.account_id and s.id = r.id
              and case when r.handed then s.epoch = r.epoch and s.attempts = r.attempt and s.state in ('handoff', 'ambiguous')
                       else s.attempts = r.attempt - 1 and s.state in ('queued', 'deferred', 'ambiguous') end
            returning s.account_id, s.id
            """).ListAsync<SendKey>(work, cancellationToken);
        return [.. stored];
    }

    private static Task<int> NoteAttemptsAsync(AccountTransaction work, List<SendResult> failed, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        insert into messaging.send_attempt (account_id, send_id, no, attempted_at, stage, reply_code, reply_text, class)
        select a.account_id, a.send_id, coalesce((select max(p.no) from messaging.send_attempt p
                   where p.account_id = a.account_id and p.send_id = a.send_id), 0) + 1, {now}, a.stage, a.code, a.reply, a.class
        from unnest({failed.Select(r => r.Parcel.Key.AccountId).ToArray()}, {failed.Select(r => r.Parcel.Key.SendId).ToArray()},
                    {failed.Select(r => EnumNames<SmtpStage>.NameOf(r.Stage)).ToArray()}, {failed.Select(r => (short?)r.Reply?.Code).ToArray()},
                    {failed.Select(r => r.Reply?.Text).ToArray()}, {failed.Select(r => r.Class).ToArray()})
             as a (account_id, send_id, stage, code, reply, class)
        """).ExecuteAsync(work, cancellationToken);

    private static async Task KeepDialoguesAsync(AccountTransaction work, List<SendResult> spoken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (spoken.Count > 0)
        {
            await Sql.Of($"""
                insert into messaging.send_dialogue (account_id, send_id, attempted_at, text)
                select d.account_id, d.send_id, {now}, d.text
                from unnest({spoken.Select(r => r.Parcel.Key.AccountId).ToArray()}, {spoken.Select(r => r.Parcel.Key.SendId).ToArray()},
                            {spoken.Select(r => r.Dialogue!.Replace('\0', ' ')).ToArray()}) as d (account_id, send_id, text)
                on conflict do nothing
                """).ExecuteAsync(work, cancellationToken);
        }
    }

    private async Task TellAsync(AccountTransaction work, long accountId, List<SendResult> results, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var told = new List<DatedActivity>();
        foreach (var result in results.Where(r => r.Parcel.Send is { ContactId: > 0, ToAddress: null, SourceKind: not SendSourceKind.Personal }))
        {
            if (ActivityOf(result) is { } activity)
            {
                var send = result.Parcel.Send;
                told.Add(new(activity, now, send.AutomationId is { } automation ? new ActivityOrigin(automation, send.StepKey!) : null));
            }
        }

        await activities.AppendAsync(work.Transaction, accountId, told, cancellationToken);
        await CountBouncesAsync(work, accountId, results, now, cancellationToken);
        await SendingHolds.WriteAsync(work, accountId, results, now, cancellationToken);
        foreach (var pause in results.Where(r => r.PauseUntil is not null).Take(1))
        {
            await PauseAsync(work, accountId, pause, now, cancellationToken);
        }

        foreach (var alarm in results.Where(r => r.Alarm))
        {
            LogAlarm(alarm.Class, alarm.Parcel.Key.SendId, accountId, alarm.Reply?.Code);
        }
    }

    private static IActivity? ActivityOf(SendResult result)
    {
        var send = result.Parcel.Send;
        return result.State switch
        {
            SendState.Sent => new EmailSent(send.ContactId, send.MessageId, send.Id),
            SendState.Failed => new EmailBounced(
                send.ContactId, send.MessageId, send.Id, result.Counts == AddressCount.Hard, result.Class, result.Reply?.Code,
                EnumNames<BounceKind>.NameOf(Bounce.KindOf(result.Class, result.Counts))),
            _ => null,
        };
    }

    private async Task CountBouncesAsync(
        AccountTransaction work, long accountId, List<SendResult> results, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var bounced = results.Where(r => r.State == SendState.Failed && r.Parcel.Send.SourceKind != SendSourceKind.Test)
            .Select(BounceOf).ToList();
        await bounces.WriteAsync(work.Transaction, accountId, bounced, now, cancellationToken);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await DomainTally.AddAsync(
            work.Transaction, accountId,
            [.. results.Where(r => r.State == SendState.Deferred && r.Parcel.Send.SourceKind != SendSourceKind.Test).Select(r => (today, r.Parcel.Domain, "deferred", 1L))], cancellationToken);
    }

    private static Bounce BounceOf(SendResult result)
    {
        var send = result.Parcel.Send;
        return new(
            send.Id, send.ContactId, send.MessageId, send.Address.ToLowerInvariant(), Bounce.KindOf(result.Class, result.Counts), result.Class, result.Counts,
            result.Reply?.Code, result.Reply?.Enhanced?.ToString() ?? "", result.Reply?.Text ?? "", null,
            send is { ContactId: > 0, ToAddress: null });
    }

    private static Task<int> PauseAsync(AccountTransaction work, long accountId, SendResult result, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        insert into messaging.pause (account_id, reason, detail, until, paused_at)
        values ({accountId}, {result.Class}, {result.Reply?.ToString() ?? ""}, {result.PauseUntil}, {now})
        on conflict (account_id) do update set reason = excluded.reason, detail = excluded.detail, until = excluded.until, paused_at = excluded.paused_at
        where messaging.pause.until is not null
        """).ExecuteAsync(work, cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "mail {Class}: send {SendId} of account {AccountId}, reply {Code}")]
    private partial void LogAlarm(string @class, long sendId, long accountId, int? code);
}
