using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>The lists a contact is or was on: <c>{"same": "subscription", "all": [...]}</c>.</summary>
[RecordSet("subscription", Title = "Subscription", Group = "Lists", Description = "A list the contact is or was on.")]
internal sealed class SubscriptionRecords : RecordSet
{
    public override Sql Table => Sql.Of($"contacts.subscription");

    public override IReadOnlyList<string> ActivityKinds => ListCondition.Kinds;

    public override IReadOnlyList<RecordMember> Members { get; } =
    [
        new("subscription.list", "Subscribed list", ConditionKind.Reference, Sql.Of($"r.list_id"), Source: "list"),
        new("subscription.status", "Standing on a list", ConditionKind.Option, Sql.Of($"r.status"), Choices: ListCondition.Statuses),
        new("subscription.subscribed_at", "Date subscribed", ConditionKind.Datetime, Sql.Of($"r.subscribed_at")),
        new("subscription.unsubscribed_at", "Date unsubscribed", ConditionKind.Datetime, Sql.Of($"r.unsubscribed_at")),
        new("subscription.source", "Source of the subscription", ConditionKind.Text, Sql.Of($"r.source")),
        new("subscription.reason", "Reason for unsubscribing", ConditionKind.Text, Sql.Of($"r.reason")),
    ];
}
