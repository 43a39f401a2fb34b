using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Messaging.Design;

namespace Millrace.Messaging.Templates;

/// <summary>
/// The templates of <c>Library/</c>, one file each in the folder of its category, and the pictures of <c>Library/Images</c>. Adding a file is all it takes.
/// </summary>
internal static partial class TemplateLibrary
{
    private const string Folder = "Millrace.Messaging.Templates.Library.";
    private const string ImageFolder = Folder + "Images.";

    private static readonly Lazy<IReadOnlyDictionary<string, LibraryTemplate>> Read = new(ReadAll);
    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> Pictures = new(ReadImages);

    /// <summary>In the order of the categories, then by name.</summary>
    public static IReadOnlyList<LibraryTemplate> All => field ??=
    [
        .. Read.Value.Values.OrderBy(t => TemplateCategories.OfLibrary.IndexOf(t.File.Category)).ThenBy(t => t.File.Name, StringComparer.Ordinal),
    ];

    /// <summary>PNGs by file name.</summary>
    public static IReadOnlyDictionary<string, byte[]> Images => Pictures.Value;

    public static LibraryTemplate? Find(string key) => Read.Value.GetValueOrDefault(key);

    [GeneratedRegex("/i/library/(?<name>[a-z0-9-]+\\.png)", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Picture();

    private static Dictionary<string, LibraryTemplate> ReadAll()
    {
        var templates = new Dictionary<string, LibraryTemplate>(StringComparer.Ordinal);
        foreach (var resource in Resources(Folder, ".json"))
        {
            // Folder and file; a key may hold no dot.
            var key = Path.GetFileNameWithoutExtension(resource[Folder.Length..]).Split('.')[^1];
            var bytes = Bytes(resource);
            var file = JsonSerializer.Deserialize(bytes, DesignJsonContext.Default.LibraryFile)!;
            var design = DesignJson.Write(file.Design);
            if (!templates.TryAdd(key, new(key, file, design, HashOf(bytes, design))))
            {
                throw new InvalidOperationException($"There are two templates of the key {key}.");
            }
        }

        return templates;
    }

    private static Dictionary<string, byte[]> ReadImages() =>
        Resources(ImageFolder, ".png").ToDictionary(r => r[ImageFolder.Length..], Bytes, StringComparer.Ordinal);

    internal static string HashOf(byte[] file, string design)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(file);
        foreach (Match picture in Picture().Matches(design))
        {
            hash.AppendData(Images.TryGetValue(picture.Groups["name"].Value, out var bytes) ? bytes : Encoding.UTF8.GetBytes(picture.Value));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static IEnumerable<string> Resources(string folder, string end) => typeof(TemplateLibrary).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(folder, StringComparison.Ordinal) && n.EndsWith(end, StringComparison.Ordinal));

    private static byte[] Bytes(string resource)
    {
        using var stream = typeof(TemplateLibrary).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
