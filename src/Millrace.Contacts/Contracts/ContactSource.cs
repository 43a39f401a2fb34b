namespace Millrace.Contacts.Contracts;

/// <summary>By which road a contact, a subscription or its end came.</summary>
public static class ContactSource
{
    /// <summary>A user of the product did it.</summary>
    public const string Manual = "manual";

    public const string Api = "api";
    public const string Import = "import";
    public const string Automation = "automation";
    public const string Form = "form";

    /// <summary>
    /// Roads on which others ended a subscription. It may be taken up again without the contact's doing; one that the contact ended (a link,
    /// the mail program's button, a complaint) may not.
    /// </summary>
    internal static readonly string[] Ours = [Manual, Api, Import, Automation];
}
