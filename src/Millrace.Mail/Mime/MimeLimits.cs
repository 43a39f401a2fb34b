namespace Millrace.Mail.Mime;

/// <summary>What a parser reads at most. Beyond them it stops and says so; it never throws.</summary>
public sealed record MimeLimits
{
    public static MimeLimits Default { get; } = new();

    /// <summary>2.8's limits for bounces: 1 MB, 20 parts, depth 5.</summary>
    public static MimeLimits Bounce { get; } = new() { MaxParts = 20, MaxDepth = 5 };

    /// <summary>Bytes; what is longer is cut.</summary>
    public int MaxBytes { get; init; } = 1024 * 1024;

    public int MaxParts { get; init; } = 100;

    public int MaxDepth { get; init; } = 10;

    public int MaxHeaders { get; init; } = 500;
}
