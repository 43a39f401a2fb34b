using Millrace.Kernel.Data;

namespace Millrace.Segments.Contracts;

/// <summary>Tells, for one channel, who of a set of contacts can be written to and why the others cannot. One class per channel, registered as a service.</summary>
public interface IReach
{
    /// <summary>Key of the channel: <c>email</c>.</summary>
    string Channel { get; }

    /// <summary>
    /// A select with one row for each reason: the reason as text, null for those who can be reached; and as <c>bigint</c> how many contacts it is about.
    /// </summary>
    /// <param name="contacts">A select of one column <c>contact_id</c>: contacts of the account, each once.</param>
    /// <param name="now">Product time.</param>
    Sql Count(Sql contacts, long accountId, DateTimeOffset now);
}
