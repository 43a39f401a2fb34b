namespace Millrace.Kernel.Data;

/// <summary>Texts of users in the patterns of <c>like</c>.</summary>
public static class LikePattern
{
    /// <summary>LIKE's own signs stand for themselves.</summary>
    public static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
