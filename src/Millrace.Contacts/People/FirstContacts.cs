using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.People;

[OnboardingStep("first_contacts", Title = "Add or import your first contacts", Url = "/contacts/import", Order = 10)]
internal sealed class FirstContacts : OnboardingStep
{
    public override Task<bool> IsDoneAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        Sql.Of($"select exists (select 1 from contacts.contact where account_id = {accountId})").FirstAsync<bool>(work, cancellationToken);
}
