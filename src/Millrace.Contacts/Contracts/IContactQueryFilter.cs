using Millrace.Kernel.Data;

namespace Millrace.Contacts.Contracts;

/// <summary>A query parameter of <c>GET /api/3/contacts</c> that another module answers: <c>seriesid</c>, <c>segmentid</c> ... Register it as a singleton.</summary>
public interface IContactQueryFilter
{
    /// <summary>Name of the parameter; its value is a number other than 0.</summary>
    string Parameter { get; }

    /// <summary>A condition over the contact row <c>c</c>. What does not exist in the account selects nobody.</summary>
    Sql Where(long accountId, long id);
}
