using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Automations.Api;

/// <summary><c>GET /api/3/contacts?seriesid=</c>: contacts that are or were in an automation.</summary>
internal sealed class ContactsInAutomation : IContactQueryFilter
{
    public string Parameter => "seriesid";

    public Sql Where(long accountId, long id) =>
        Sql.Of($"exists (select 1 from automations.run r where r.account_id = {accountId} and r.contact_id = c.id and r.automation_id = {id})");
}
