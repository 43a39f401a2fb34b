using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security.Http;
using Millrace.Kernel.Workers;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Transactional.Webhooks;
using Npgsql;

namespace Millrace.Messaging.Transactional.Events;

/// <summary>
/// Hands each event on exactly once: counters, the contact's timeline (and with it triggers), and the calls of webhooks as rows of the outbox; all in the
/// transaction that marks it told.
/// </summary>
internal sealed class TellTransactional(
    NpgsqlDataSource database, IHttpOutbox outbox, IActivityLog activities, MailWebhooks webhooks) : IWorkerPass
{
    private const int Batch = 500;

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var events = await Sql.Of($"{ToldEvent.Select} where not e.told order by e.id limit {Batch} for update of e skip locked").ListAsync<ToldEvent>(work, cancellationToken);
        if (events.Count == 0)
        {
            return 0;
        }

        await Sql.Of($"""
            update messaging.mail_event e set told = true
            from unnest({events.Select(e => e.AccountId).ToArray()}, {events.Select(e => e.Id).ToArray()}) as t (account_id, id)
            where e.account_id = t.account_id and e.id = t.id
            """).ExecuteAsync(work, cancellationToken);
        await CountAsync(work, events, cancellationToken);
        foreach (var account in events.GroupBy(e => e.AccountId))
        {
            var calls = await webhooks.CallsAsync(work.Transaction, account.Key, [.. account], cancellationToken);
            if (calls.Count > 0)
            {
                await outbox.AddAsync(work.Transaction, account.Key, calls, cancellationToken);
            }

            var happened = account.Where(e => e.ContactId is not null).Select(e => (Event: e, Activity: ActivityOf(e))).Where(a => a.Activity is not null)
                .Select(a => new DatedActivity(a.Activity!, a.Event.At)).ToList();
            if (happened.Count > 0)
            {
                await activities.AppendAsync(work.Transaction, account.Key, happened, cancellationToken);
            }
        }

        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return events.Count;
    }

    private static IActivity? ActivityOf(ToldEvent e) => e.Kind switch
    {
        "delivered" => new TransactionalDelivered(e.ContactId!.Value, e.StreamId, e.MailId, e.Tag, e.Subject),
        "bounced" => new TransactionalBounced(e.ContactId!.Value, e.StreamId, e.MailId, e.Tag, e.Subject, e.Bounce.Key),
        "opened" => new TransactionalOpened(e.ContactId!.Value, e.StreamId, e.MailId, e.Tag, e.Subject, e.Text("machine")),
        "clicked" => new TransactionalClicked(e.ContactId!.Value, e.StreamId, e.MailId, e.Tag, e.Subject, e.Text("url") ?? "", e.Text("machine")),
        _ => null,
    };

    private static async Task CountAsync(AccountTransaction work, List<ToldEvent> events, CancellationToken cancellationToken)
    {
        var counts = events.SelectMany(e => WhatCounts(e).Select(what => (e.AccountId, e.StreamId, Tag: e.Tag ?? "", Day: DateOnly.FromDateTime(e.At.UtcDateTime), What: what)))
            .GroupBy(c => c).Select(g => (g.Key, Total: g.LongCount())).ToList();
        if (counts.Count > 0)
        {
            // One order, so that two processes never wait for each other in a circle.
            await Sql.Of($"""
                insert into messaging.mail_count as t (account_id, stream_id, tag, day, what, total)
                select * from unnest({counts.Select(c => c.Key.AccountId).ToArray()}, {counts.Select(c => c.Key.StreamId).ToArray()}, {counts.Select(c => c.Key.Tag).ToArray()},
                    {counts.Select(c => c.Key.Day).ToArray()}, {counts.Select(c => c.Key.What).ToArray()}, {counts.Select(c => c.Total).ToArray()}) c order by 1, 2, 3, 4, 5
                on conflict (account_id, stream_id, tag, day, what) do update set total = t.total + excluded.total
                """).ExecuteAsync(work, cancellationToken);
        }
    }

    private static IEnumerable<string> WhatCounts(ToldEvent e)
    {
        switch (e.Kind)
        {
            case "submitted":
                yield return "sent";
                if (e.TrackOpens)
                {
                    yield return "open_tracking";
                }

                if (e.TrackLinks != LinkTracking.None)
                {
                    yield return "link_tracking";
                }

                break;
            case "delivered" or "suppressed" or "complained":
                yield return e.Kind;
                break;
            case "bounced":
                yield return "bounced";
                yield return $"bounced:{e.Bounce.Key}";
                break;
            case "opened" or "clicked" when !e.IsByMachine:
                yield return e.Kind;
                yield return $"{e.Kind}:{e.Platform}";
                yield return $"{e.Kind}_by:{e.Text("client") ?? "Unknown"}";
                if (e.Is("first"))
                {
                    yield return $"{e.Kind}_first";
                }

                break;
        }
    }
}
