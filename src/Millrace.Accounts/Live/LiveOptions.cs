namespace Millrace.Accounts.Live;

/// <summary>Bound from <c>Millrace:Live</c>.</summary>
internal sealed class LiveOptions
{
    public const string Section = "Millrace:Live";

    /// <summary>
    /// How often an open page hears that the channel lives, and its session is looked at. Default 20 s; longer than a proxy's idle limit, and it cuts.
    /// </summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(20);
}
