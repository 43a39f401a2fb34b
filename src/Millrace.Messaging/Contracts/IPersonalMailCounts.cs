using Npgsql;

namespace Millrace.Messaging.Contracts;

/// <summary>What happened with 1:1 e-mails, for the reports that count by day. The module that owns those mails tells it, in the transaction of the event itself.</summary>
public interface IPersonalMailCounts
{
    /// <param name="mailId">Spreads what happens at once over several rows.</param>
    /// <param name="events">What happened and how often. Locks rows that stay locked to the end: call it last.</param>
    Task AddAsync(
        NpgsqlTransaction transaction, long accountId, long mailId, IReadOnlyList<(PersonalMailEvent What, int Times)> events, DateTimeOffset at, CancellationToken cancellationToken);
}

public enum PersonalMailEvent
{
    /// <summary>Taken by a server, or perhaps taken.</summary>
    Sent,

    /// <summary>Refused at the door; it counts among the bounced too, if that is told as well.</summary>
    Refused,
    Bounced,

    /// <summary>Opened for the first time.</summary>
    Opened,

    /// <summary>Each time.</summary>
    Opens,

    /// <summary>The first click of a mail.</summary>
    Clicked,
    Clicks,

    /// <summary>The first answer to a mail.</summary>
    Replied,
    Replies,
}
