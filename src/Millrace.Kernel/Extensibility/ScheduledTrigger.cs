using Npgsql;

namespace Millrace.Kernel.Extensibility;

/// <summary>A trigger that time sets off, not an activity. The engine asks it now and then who is due; every moment is asked about once.</summary>
public interface IScheduledTrigger
{
    /// <summary>The first time after a given one at which somebody can be due.</summary>
    /// <param name="timeZone">IANA name of the account's zone.</param>
    DateTimeOffset NextCheck(object settings, string timeZone, DateTimeOffset after);

    /// <summary>Some of those whose moment lies in the window, by contact id.</summary>
    Task<DueContacts> FindAsync(ScheduledCheck check, object settings, CancellationToken cancellationToken);

    /// <summary>What is told of a contact that has entered.</summary>
    IActivity Happened(DueContact due, object settings);
}

/// <summary>A question to a scheduled trigger.</summary>
/// <param name="TimeZone">IANA name of the account's zone.</param>
/// <param name="After">Moments after this one.</param>
/// <param name="Until">Moments up to this one.</param>
/// <param name="AfterContactId">Contacts with larger ids only.</param>
/// <param name="Limit">Contacts to look at.</param>
public sealed record ScheduledCheck(
    NpgsqlTransaction Transaction, long AccountId, string TimeZone, DateTimeOffset After, DateTimeOffset Until, long AfterContactId, int Limit);

/// <summary>Some of the contacts that are due.</summary>
/// <param name="LastContactId">Contacts up to this one were looked at; null: all.</param>
public sealed record DueContacts(IReadOnlyList<DueContact> Due, long? LastContactId);

/// <summary>A contact that is due.</summary>
/// <param name="Occasion">For what, for example a date; the same contact enters once for the same occasion.</param>
public sealed record DueContact(long ContactId, string Occasion);
