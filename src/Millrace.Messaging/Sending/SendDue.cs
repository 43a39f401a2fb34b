using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Millrace.Mail.Mime;
using Millrace.Messaging.Campaigns;
using Millrace.Messaging.Campaigns.Running;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Senders;
using Millrace.Messaging.Sending.Routing;
using Millrace.Messaging.Transactional.Events;
using Millrace.Messaging.Transactional.Sending;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>
/// Takes due mails of the leased buckets, sorts out who may not be mailed, renders and signs the rest on all cores and gives them to the
/// outlets. It does not wait for the network: a slow server holds up only its own lines.
/// </summary>
internal sealed partial class SendDue(
    [LoopsPool] NpgsqlDataSource database, Postroom postroom, CompiledMessages messages, LetterShelf letters, LetterTeller teller, TransactionalEvents events, DkimSigners signers, PublicAddress address, TokenKeys tokens,
    WorkSignal signal, TimeProvider clock, ILogger<SendDue> logger) : IBucketPass, IDisposable
{
    private const int MaxClaim = 750;
    private const int MaxAmbiguities = 2;
    private static readonly TimeSpan AmbiguousWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SenderHold = TimeSpan.FromHours(1);
    private static readonly TimeSpan HeldAtMost = TimeSpan.FromHours(72);

    private readonly ConcurrentBag<MailRenderer> _renderers = [];
    private readonly CarefulStart _careful = new();

    public async Task<int> RunOnceAsync(BucketSlice slice, CancellationToken cancellationToken)
    {
        var room = Math.Min(postroom.Room, MaxClaim);
        if (room <= 0)
        {
            return 0;
        }

        var now = clock.GetUtcNow();
        var batch = new Batch();
        var careful = _careful.AppliesTo(slice);
        List<DueSend> due;
        await using (var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            await slice.FenceAsync(work.Transaction, cancellationToken);
            // Twice what is due to each: all that is read beyond the room was read in vain.
            var perBucket = Math.Max(4, room * 2 / slice.Buckets.Length);
            due = await DueSend.ListAsync(work.Transaction, slice.Buckets, postroom.InHand, now, perBucket, careful ? 1 : room, cancellationToken);
            if (due.Count > 0)
            {
                await SortAsync(work, due, batch, now, cancellationToken);
                await batch.WriteAsync(work, events, teller, now, cancellationToken);
                await work.CommitAsync(cancellationToken);
            }
        }

        Render(batch, slice, now);
        if (careful)
        {
            _careful.Passed(slice, due.Count, wereAll: due.Count == 0);
        }

        return due.Count - batch.Waiting;
    }

    public void Dispose()
    {
        foreach (var renderer in _renderers)
        {
            renderer.Dispose();
        }
    }

    private async Task SortAsync(AccountTransaction work, List<DueSend> due, Batch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accounts = due.Select(d => d.AccountId).Distinct().ToArray();
        var pauses = (await Sql.Of($"""
            select account_id, until from messaging.pause where account_id = any ({accounts}) and (until is null or until > {now})
            """).ListAsync<Pause>(work, cancellationToken)).ToDictionary(p => p.AccountId);
        await signers.LoadAsync(work.Transaction, accounts, cancellationToken);
        batch.Outlets = await postroom.OutletsAsync(work.Transaction, accounts, cancellationToken);
        batch.Holds = await SendingHolds.LoadAsync(work.Transaction, accounts, cancellationToken);
        var own = await letters.LoadAsync(work.Transaction, due, cancellationToken);
        foreach (var send in due)
        {
            if (send.State == SendState.Handoff)
            {
                // Not in our hands, so its owner died (or lost the bucket) with it: the other side may have it.
                var isLast = send.Ambiguities >= MaxAmbiguities;
                batch.Settle(send, isLast ? SendState.Unknown : SendState.Ambiguous, isLast ? null : now + AmbiguousWait, "owner_lost");
            }
            else if (send.Campaign is CampaignStatus.Stopped)
            {
                // Of one that the other side may have had nobody can say that it was cancelled.
                batch.Settle(send, send.State == SendState.Ambiguous ? SendState.Unknown : SendState.Cancelled, null, CampaignSends.Stopped);
            }
            else if (send.Refusal is { } refusal)
            {
                batch.Settle(send, SendState.Suppressed, null, refusal);
            }
            else if (send.Campaign is CampaignStatus.Paused)
            {
                // Put far away, so that they do not stand in front of the others; going on lets them go (SweepSends).
                batch.Settle(send, SendState.Deferred, CampaignSends.Never, CampaignSends.Paused);
            }
            else if (pauses.TryGetValue(send.AccountId, out var pause))
            {
                batch.Settle(send, SendState.Deferred, pause.Until ?? now + LongPause, "paused");
            }
            else if (batch.Outlets[send.AccountId].Choose(send.Lane, DomainOf(send), send.Id) is { Outlet: null } shut)
            {
                batch.Settle(send, SendState.Deferred, shut.ShutUntil, "host_down");
            }
            else if (own.TryGetValue(send.Key, out var letter))
            {
                await SortLetterAsync(work, batch, send, letter, now, cancellationToken);
            }
            else if (send.SourceKind == Contracts.SendSourceKind.Personal)
            {
                batch.Settle(send, SendState.Failed, null, "gone");
            }
            else if (await messages.FindAsync(work.Transaction, send.AccountId, send.VersionId, cancellationToken) is { } message)
            {
                if (!IsHeld(batch, send, message.FromAddress, now) && await WayOutAsync(work, batch, send, message.FromAddress, now, cancellationToken) is { } way)
                {
                    batch.Ready.Add(new(send, message, null, way));
                }
            }
        }

        if (batch.WarmUps is not null)
        {
            await batch.WarmUps.WriteAsync(work, now, cancellationToken);
        }

        batch.Facts = await Recipients.LoadAsync(
            work.Transaction, [.. batch.Ready.Where(r => r.Message is not null).Select(r => (r.Send.AccountId, r.Send.ContactId, r.Message!))], cancellationToken);
        batch.Facts.Forwards = await Sharing.ForwardNote.LoadAsync(work.Transaction, batch.Ready.Select(r => r.Send), cancellationToken);
    }

    private async Task SortLetterAsync(AccountTransaction work, Batch batch, DueSend send, Letter? letter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (letter is null)
        {
            batch.Waiting++;
        }
        else if (!IsHeld(batch, send, letter.From.Address.Value, now) && await WayOutAsync(work, batch, send, letter.From.Address.Value, now, cancellationToken) is { } way)
        {
            batch.Zones.TryAdd(send.AccountId, Recipients.Zone(null, (await CompiledMessages.SenderAsync(work.Transaction, send.AccountId, cancellationToken)).TimeZone));
            batch.Ready.Add(new(send, null, letter, way));
        }
    }

    /// <summary>Null: put off, because every way is shut, its sender is held, or the day's volume of a warm-up is used up.</summary>
    private static async Task<WayOut?> WayOutAsync(AccountTransaction work, Batch batch, DueSend send, string fromAddress, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (outlet, server, _) = batch.Outlets[send.AccountId].Choose(send.Lane, DomainOf(send), send.Id);
        var sender = DomainOf(fromAddress);
        if (outlet is not null && await batch.Holds!.WaitAsync(work.Transaction, send, sender, DomainOf(send), server, now, cancellationToken) is { } later)
        {
            var isTooOld = now - send.QueuedAt > HeldAtMost;
            batch.Settle(send, isTooOld ? SendState.Failed : SendState.Deferred, isTooOld ? null : later, SendingHolds.Held);
            return null;
        }

        batch.WarmUps ??= await WarmUps.OpenAsync(work, batch.Outlets.ToDictionary(o => o.Key, o => o.Value.Plan), now, cancellationToken);
        if (outlet is not null && batch.WarmUps.TryTake(send, batch.Outlets[send.AccountId].Plan, server, DomainOf(send)))
        {
            return new(outlet, server, sender, batch.Holds!.IsProbe(send, sender));
        }

        batch.Settle(send, SendState.Deferred, outlet is null ? now.AddMinutes(1) : WarmUps.NextDay(now, send.Id), outlet is null ? "host_down" : "warm_up");
        return null;
    }

    /// <summary>The sender's domain may be set up meanwhile; what waits too long would only surprise people.</summary>
    private bool IsHeld(Batch batch, DueSend send, string fromAddress, DateTimeOffset now)
    {
        if (!signers.Find(send.AccountId, fromAddress).IsRefused)
        {
            return false;
        }

        var isTooOld = now - send.QueuedAt > HeldAtMost;
        batch.Settle(send, isTooOld ? SendState.Failed : SendState.Deferred, isTooOld ? null : now + SenderHold, SenderPolicy.Code);
        return true;
    }

    private void Render(Batch batch, BucketSlice slice, DateTimeOffset now)
    {
        foreach (var (send, _, letter, _) in batch.Ready)
        {
            postroom.Hold(send.Key);
            if (letter is not null)
            {
                letters.Hold(letter);
            }
        }

        // In order of urgency, a stretch per core: the first are on their way while the last are still being signed.
        Parallel.ForEach(
            Partitioner.Create(batch.Ready, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            ready => Render(ready, batch, slice, now));
        if (!batch.Broken.IsEmpty)
        {
            signal.Pulse(nameof(SendDue));
        }
    }

    private static string DomainOf(DueSend send) => DomainOf(send.Address);

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();

    private void Render(ReadyMail ready, Batch batch, BucketSlice slice, DateTimeOffset now)
    {
        var (send, message, letter, way) = ready;
        var renderer = _renderers.TryTake(out var free) ? free : new MailRenderer(address.Url, tokens);
        try
        {
            var sender = signers.Find(send.AccountId, letter?.From.Address.Value ?? message!.FromAddress);
            var (bytes, envelope, subject) = letter is null
                ? renderer.Render(message!, send, batch.Facts, sender, now)
                : LetterRenderer.Render(letter, send, sender, renderer.BaseFor(sender.TrackingHost), tokens, batch.Zones[send.AccountId], now);
            var epoch = slice.Epochs[Array.BinarySearch(slice.Buckets, send.Bucket)];
            Action? released = letter is null ? null : () => letters.Release(letter);
            var outlets = batch.Outlets[send.AccountId];
            way.Outlet.Add(new Parcel(send, epoch, bytes, envelope, subject, released)
            {
                HasOtherWays = outlets.HasSeveral,
                Limit = outlets.Plan.LimitOf(DomainOf(send)),
                SenderDomain = way.SenderDomain,
                ServerId = way.ServerId,
                IsProbe = way.IsProbe,
            });
        }
        catch (Exception e) when (e is TemplateInvalidException or InvalidHeaderException or FormatException)
        {
            LogNotRendered(e, send.Id, send.AccountId);
            if (letter is not null)
            {
                letters.Release(letter);
            }

            batch.Broken.Add(send.Key);
            _ = FailAsync(send, e is FormatException ? "no_sender" : "render_failed");
        }
        finally
        {
            _renderers.Add(renderer);
        }
    }

    /// <summary>A mail that cannot be made is that one recipient's fault only.</summary>
    private async Task FailAsync(DueSend send, string reason)
    {
        try
        {
            await using var work = await AccountTransaction.BeginAsync(database, send.AccountId, CancellationToken.None);
            var batch = new Batch();
            batch.Settle(send, SendState.Failed, null, reason);
            await batch.WriteAsync(work, events, teller, clock.GetUtcNow(), CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            // Then the next claim comes to the same end.
            LogNotRendered(e, send.Id, send.AccountId);
        }
        finally
        {
            postroom.LetGo(send.Key);
        }
    }

    private sealed record Pause(long AccountId, DateTimeOffset? Until);

    /// <summary>A mail to be made: of the message it is merged from, or with content of its own.</summary>
    private sealed record ReadyMail(DueSend Send, CompiledMessage? Message, Letter? Letter, WayOut Way);

    private sealed record WayOut(Outlet Outlet, long ServerId, string SenderDomain, bool IsProbe);

    /// <summary>What one pass found: rows that are settled at once, and mails to be made.</summary>
    private sealed class Batch
    {
        private readonly List<(DueSend Send, SendState State, DateTimeOffset? NextAt, string Reason)> _settled = [];

        public List<ReadyMail> Ready { get; } = [];

        public Dictionary<long, TimeZoneInfo> Zones { get; } = [];

        /// <summary>Due, but more than this process may hold now.</summary>
        public int Waiting { get; set; }

        /// <summary>Null until a mail asks for a place in one.</summary>
        public WarmUps? WarmUps { get; set; }

        public SendingHolds? Holds { get; set; }

        public ConcurrentBag<SendKey> Broken { get; } = [];

        public RecipientFacts Facts { get; set; } = new();

        public Dictionary<long, AccountOutlets> Outlets { get; set; } = [];

        public void Settle(DueSend send, SendState state, DateTimeOffset? nextAt, string reason) => _settled.Add((send, state, nextAt, reason));

        /// <summary>Each row is written only while it is as it was read.</summary>
        public async Task WriteAsync(AccountTransaction work, TransactionalEvents events, LetterTeller teller, DateTimeOffset now, CancellationToken cancellationToken)
        {
            if (_settled.Count == 0)
            {
                return;
            }

            var changed = await Sql.Of($"""
                update messaging.send s
                set state = r.state, next_at = r.next_at, finished_at = case when r.next_at is null then {now} end, reason = r.reason,
                    ambiguities = s.ambiguities + case when r.state in ('ambiguous', 'unknown') then 1 else 0 end
                from unnest({_settled.Select(r => r.Send.AccountId).ToArray()}, {_settled.Select(r => r.Send.Id).ToArray()},
                            {_settled.Select(r => EnumNames<SendState>.NameOf(r.Send.State)).ToArray()}, {_settled.Select(r => r.Send.Attempts).ToArray()},
                            {_settled.Select(r => EnumNames<SendState>.NameOf(r.State)).ToArray()}, {_settled.Select(r => r.NextAt).ToArray()},
                            {_settled.Select(r => r.Reason).ToArray()}) as r (account_id, id, was, attempts, state, next_at, reason)
                where s.account_id = r.account_id and s.id = r.id and s.state = r.was and s.attempts = r.attempts
                returning s.account_id, s.id
                """).ListAsync<SendKey>(work, cancellationToken);
            var final = _settled.Where(s => s.NextAt is null && s.Send.SourceKind == Contracts.SendSourceKind.Transactional && changed.Contains(s.Send.Key)).ToList();
            await events.SettledAsync(work.Transaction, [.. final.Select(s => (s.Send, s.State, s.Reason))], now, cancellationToken);
            await teller.SettledAsync(
                work.Transaction, [.. _settled.Where(s => s.NextAt is null && changed.Contains(s.Send.Key)).Select(s => (s.Send, s.State, s.Reason))], now, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Send {SendId} of account {AccountId} could not be made")]
    private partial void LogNotRendered(Exception exception, long sendId, long accountId);
}
