using System.ComponentModel.DataAnnotations;

namespace Millrace.Messaging.Images;

/// <summary>Bound from <c>Millrace:Images</c>: the library of pictures for mails.</summary>
internal sealed class ImageOptions
{
    public const string Section = "Millrace:Images";

    /// <summary>What an account's pictures may take together, in megabytes. Default 1,024.</summary>
    [Range(1, 1_000_000)]
    public int QuotaMegabytes { get; set; } = 1_024;

    /// <summary>Path of libvips. Default: Debian's <c>libvips42</c>, then the npm package that <c>bin/up</c> brings.</summary>
    public string? Libvips { get; set; }

    /// <summary>Pictures that are worked on at once. Default 2.</summary>
    [Range(1, 64)]
    public int AtOnce { get; set; } = 2;
}
