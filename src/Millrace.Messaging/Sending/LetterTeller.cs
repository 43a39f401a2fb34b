using Millrace.Messaging.Contracts;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>Tells the module that wrote a mail whole (<see cref="ILetters"/>) what became of it. Mails of other kinds are passed over.</summary>
internal sealed class LetterTeller(IEnumerable<ILetters> letters)
{
    public Task ResultsAsync(NpgsqlTransaction transaction, IReadOnlyList<SendResult> results, DateTimeOffset now, CancellationToken cancellationToken) =>
        TellAsync(transaction, [.. results.Select(r => (r.Parcel.Send, FateOf(r.State), r.Class, r.Reply?.ToString()))], now, cancellationToken);

    /// <summary>Those that ended without an attempt.</summary>
    public Task SettledAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(DueSend Send, SendState State, string Reason)> settled, DateTimeOffset now, CancellationToken cancellationToken) =>
        TellAsync(transaction, [.. settled.Select(s => (s.Send, s.State == SendState.Failed ? LetterFate.Failed : FateOf(s.State), s.Reason, (string?)null))], now, cancellationToken);

    /// <summary>A report came after it was sent.</summary>
    public async Task BouncedAsync(
        NpgsqlTransaction transaction, long accountId, long mailId, short recipientNo, string reason, string reply, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var module in letters)
        {
            await module.TellAsync(transaction, accountId, [new(mailId, recipientNo, LetterFate.Bounced, reason, reply)], now, cancellationToken);
        }
    }

    private async Task TellAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(DueSend Send, LetterFate? Fate, string Reason, string? Reply)> facts, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        foreach (var account in facts.Where(f => f is { Send.SourceKind: SendSourceKind.Personal, Fate: not null }).GroupBy(f => f.Send.AccountId))
        {
            foreach (var module in letters)
            {
                await module.TellAsync(
                    transaction, account.Key, [.. account.Select(f => new LetterNews(f.Send.SourceId, f.Send.RecipientNo, f.Fate!.Value, f.Reason, f.Reply))], now,
                    cancellationToken);
            }
        }
    }

    private static LetterFate? FateOf(SendState state) => state switch
    {
        SendState.Sent => LetterFate.Sent,
        SendState.Failed => LetterFate.Bounced,
        SendState.Deferred or SendState.Ambiguous => LetterFate.Delayed,
        SendState.Suppressed => LetterFate.Refused,
        SendState.Cancelled => LetterFate.Refused,
        SendState.Unknown => LetterFate.Unknown,
        _ => null,
    };
}
