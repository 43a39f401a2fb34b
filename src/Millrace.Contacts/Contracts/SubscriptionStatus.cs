namespace Millrace.Contacts.Contracts;

/// <summary>A contact's standing on one list. API v3 calls them 0 to 3 in this order.</summary>
public enum SubscriptionStatus
{
    Unconfirmed,
    Active,
    Unsubscribed,
    Bounced,
}
