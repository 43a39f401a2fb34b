using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Lists;

[OnboardingStep("first_list", Title = "Create a list people can subscribe to", Url = "/lists", Order = 20)]
internal sealed class FirstList : OnboardingStep
{
    public override Task<bool> IsDoneAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken) =>
        Sql.Of($"select exists (select 1 from contacts.list where account_id = {accountId})").FirstAsync<bool>(work, cancellationToken);
}
