namespace Millrace.Messaging.Reports;

/// <summary>Who opened or clicked, as <c>messaging.mail_fact</c> sums them up. The numbers stand in the database: never change one.</summary>
internal static class Ways
{
    public const int Person = 1;

    /// <summary>A mailbox that fetches everything, read or not.</summary>
    public const int Privacy = 2;

    /// <summary>Looked like a machine while the account did not filter.</summary>
    public const int Suspect = 4;

    /// <summary>Looked like a machine while the account filtered.</summary>
    public const int Machine = 8;

    /// <summary>The contact's doing, as conditions and triggers see it.</summary>
    public const int Counted = Person | Suspect;

    /// <summary>What is shown as a reader: all but filtered machines.</summary>
    public const int Read = Person | Privacy | Suspect;

    public const int All = Person | Privacy | Suspect | Machine;
}
