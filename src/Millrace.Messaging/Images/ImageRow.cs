using Millrace.Kernel.Data;

namespace Millrace.Messaging.Images;

internal sealed record ImageRow(
    long Id, long? FolderId, string Name, string Alt, string Hash, string Format, int Width, int Height, long Bytes, DateTimeOffset CreatedAt)
{
    public static Sql Columns { get; } = Sql.Of($"id, folder_id, name, alt, hash, format, width, height, bytes, created_at");

    public ImageAddress AddressIn(long accountId) => new(accountId, Hash, Width, Height, 0, Format);
}

/// <summary>A picture of the library.</summary>
/// <param name="Url">Its place in a design: without a host, which mails get when they go out.</param>
/// <param name="PublicUrl">Where readers see it.</param>
/// <param name="ThumbnailUrl">At most 320 pixels wide.</param>
/// <param name="Alt">Alternative text that a mail begins with when the picture is put in.</param>
/// <param name="Bytes">Of the original.</param>
internal sealed record ImageView(
    long Id, long? FolderId, string Name, string Alt, string Url, string PublicUrl, string ThumbnailUrl, string Format, int Width, int Height, long Bytes,
    DateTimeOffset CreatedAt)
{
    public static ImageView Of(ImageRow row, long accountId, string publicUrl)
    {
        var address = row.AddressIn(accountId);
        return new(
            row.Id, row.FolderId, row.Name, row.Alt, address.ToString(), publicUrl + address, address.For(160).ToString(), row.Format, row.Width, row.Height,
            row.Bytes, row.CreatedAt);
    }
}
