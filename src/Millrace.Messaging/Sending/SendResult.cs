using System.Text.Json;
using Millrace.Mail.Smtp;

namespace Millrace.Messaging.Sending;

/// <summary>What one attempt came to, and what follows from it.</summary>
/// <param name="State">Never <see cref="SendState.Queued"/> or <see cref="SendState.Handoff"/>.</param>
/// <param name="NextAt">Set exactly when the state is not final.</param>
/// <param name="Counted">False when the fault was not the message's: the same attempt is made again.</param>
/// <param name="PauseUntil">The account's sending stops until then.</param>
internal sealed record SendResult(
    Parcel Parcel, SmtpStage Stage, SmtpReply? Reply, SendState State, DateTimeOffset? NextAt, string Class, AddressCount Counts, bool Counted = true,
    DateTimeOffset? PauseUntil = null, bool Alarm = false, string? Dialogue = null, HoldScope Holds = HoldScope.None)
{
    private const int MaxAmbiguities = 2;
    private static readonly TimeSpan Hold = TimeSpan.FromHours(1);
    private static readonly TimeSpan LoginPause = TimeSpan.FromMinutes(30);

    /// <summary>The rules of replies and retries applied to one attempt. Pure.</summary>
    public static SendResult Of(Parcel parcel, SmtpSendResult outcome, DateTimeOffset now, Random random)
    {
        var verdict = ReplyClassifier.Classify(outcome);
        var plain = new SendResult(
            parcel, outcome.Stage, outcome.Reply, SendState.Failed, null, NameOf(verdict.Class), verdict.Counts, Alarm: verdict.Alarm, Dialogue: outcome.Dialogue);
        switch (verdict.Action)
        {
            case SendAction.Done:
                return plain with { State = SendState.Sent };
            case SendAction.Fail:
                return plain;
            case SendAction.Ambiguous:
                return parcel.Send.Ambiguities < MaxAmbiguities
                    ? plain with { State = SendState.Ambiguous, NextAt = now + (verdict.Delay ?? TimeSpan.FromMinutes(1)) }
                    : plain with { State = SendState.Unknown, Counts = AddressCount.None };
            case SendAction.HoldAccount:
                var until = now + (verdict.Delay ?? LoginPause);
                return plain with { State = SendState.Deferred, NextAt = until, PauseUntil = until, Counted = false };
            case SendAction.Retry when parcel.Attempt < 5:
                return plain with { State = SendState.Deferred, NextAt = now };
            case SendAction.RetryThenFail when string.Equals(parcel.Send.LastClass, plain.Class, StringComparison.Ordinal):
                return plain;
            case SendAction.RetryThenFail:
                return plain with { State = SendState.Deferred, NextAt = now + verdict.Delay, Counts = AddressCount.None };
            case SendAction.HoldDomain or SendAction.HoldStream:
                return Later(plain with { Holds = verdict.Action == SendAction.HoldStream ? HoldScope.Route : HoldScope.Domain }, verdict, now, random);
            default:
                return Later(plain, verdict, now, random);
        }
    }

    /// <summary>The sender was not refused: the server heard MAIL and went on.</summary>
    public bool Passed => State == SendState.Sent || (Holds == HoldScope.None && Reply is not null && Stage > SmtpStage.Mail && Class is not "auth_failed");

    private static SendResult Later(SendResult plain, ReplyVerdict verdict, DateTimeOffset now, Random random)
    {
        var send = plain.Parcel.Send;
        var schedule = send.Lane == 1 ? RetrySchedule.Transactional : RetrySchedule.Bulk;
        var least = verdict.Action is SendAction.HoldDomain or SendAction.HoldStream ? Hold : verdict.Delay;
        return schedule.Next(plain.Parcel.Attempt, send.QueuedAt, now, random, least) is { } next
            ? plain with { State = SendState.Deferred, NextAt = next, Counts = AddressCount.None }
            : plain with
            {
                Class = "expired",
                Holds = HoldScope.None,
                Counts = verdict.Counts == AddressCount.SoftOnExpiry ? AddressCount.Soft : verdict.Counts,
            };
    }

    /// <summary>The class as it is stored and shown.</summary>
    public static string NameOf(ReplyClass name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString());
}
