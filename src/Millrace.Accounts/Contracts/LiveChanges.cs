using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Kernel.Data;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Accounts.Contracts;

/// <summary>
/// Tells open pages what to ask for again. A hint: nothing may depend on it. Sent when the transaction commits; a topic of an account at most once a second
/// per process, because every message costs a lock that all of the database's commits share. Pages therefore look once more two seconds after a message.
/// </summary>
public static class LiveChanges
{
    internal const string Channel = "millrace_live";
    private const int MaxRemembered = 20_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<(string Database, long AccountId, string Topic), long> Told = new();

    /// <param name="topics">Lower case, for example <c>contacts</c>, <c>imports</c>, <c>automation:7</c>; <see cref="LiveTopics"/> says who may hear of what.</param>
    public static async Task TellAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken, params string[] topics)
    {
        if (Simulation.IsUnderWay)
        {
            return;
        }

        var database = $"{transaction.Connection!.Host}/{transaction.Connection.Database}";
        var now = Stopwatch.GetTimestamp();
        var due = topics.Where(topic => IsDue((database, accountId, topic), now)).Select(topic => FormattableString.Invariant($"{accountId} {topic}")).ToArray();
        if (due.Length > 0)
        {
            await Sql.Of($"select pg_notify({Channel}, t) from unnest({due}) t").ExecuteAsync(transaction, cancellationToken);
        }
    }

    /// <inheritdoc cref="TellAsync(NpgsqlTransaction, long, CancellationToken, string[])"/>
    public static Task TellAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken, params string[] topics) =>
        TellAsync(work.Transaction, accountId, cancellationToken, topics);

    /// <summary>Sessions of the account have ended: open pages look at theirs at once. Always sent.</summary>
    internal static Task TellSessionsAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        Sql.Of($"select pg_notify({Channel}, {FormattableString.Invariant($"{accountId} {Live.LiveListener.Sessions}")})").ExecuteAsync(transaction, cancellationToken);

    private static bool IsDue((string, long, string) key, long now)
    {
        if (Told.TryGetValue(key, out var last) && Stopwatch.GetElapsedTime(last, now) < Pause)
        {
            return false;
        }

        if (Told.Count > MaxRemembered)
        {
            Told.Clear();
        }

        Told[key] = now;
        return true;
    }
}
