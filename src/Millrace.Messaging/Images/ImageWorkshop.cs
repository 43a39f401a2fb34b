using Microsoft.Extensions.Options;
using Millrace.Kernel.Errors;

namespace Millrace.Messaging.Images;

/// <summary>A picture as it is stored.</summary>
/// <param name="IsOurs">Whether we wrote these bytes ourselves, so that nothing foreign is left in them.</param>
internal sealed record PreparedImage(byte[] Content, string Format, int Width, int Height, bool IsOurs);

/// <summary>
/// Makes pictures fit for mails: written anew without what cameras put in, no larger than mails need, WebP (which some readers do not show) as PNG or
/// JPEG. Only pictures whose header is sane come here. Where libvips is missing they are kept as they are.
/// </summary>
internal sealed class ImageWorkshop(IOptions<ImageOptions> options) : IDisposable
{
    /// <summary>Twice the widest mail, and then some.</summary>
    private const int MaxSide = 2_400;

    private readonly SemaphoreSlim _places = new(options.Value.AtOnce);
    private readonly Lazy<(Libvips? Library, string? Missing)> _vips = new(() => Libvips.Find(options.Value.Libvips));

    /// <summary>Why pictures cannot be cropped or made smaller; null when they can.</summary>
    public string? Missing => _vips.Value.Missing;

    /// <exception cref="InvalidInputException">422 <c>image_invalid</c>: broken inside.</exception>
    public Task<PreparedImage> PrepareAsync(byte[] content, ImageHeader header, CancellationToken cancellationToken)
    {
        // A moving GIF would stand still if it were written anew.
        if (_vips.Value.Library is not { } vips || header.Format is "gif")
        {
            return Task.FromResult(new PreparedImage(content, header.Format, header.Width, header.Height, IsOurs: false));
        }

        return WorkAsync(() => Finish(vips, vips.Shrink(content, MaxSide, MaxSide), header.Format), cancellationToken);
    }

    /// <summary>A smaller one of a stored picture, in its own format. Null where libvips is missing.</summary>
    public async Task<byte[]?> ShrinkAsync(byte[] content, string format, int width, CancellationToken cancellationToken) =>
        _vips.Value.Library is { } vips
            ? (await WorkAsync(() => Finish(vips, vips.Shrink(content, width, 10 * MaxSide), format), cancellationToken)).Content
            : null;

    /// <summary>A part of a stored picture, perhaps made smaller.</summary>
    /// <param name="width">Pixels of the result at most; 0 leaves it as it is.</param>
    /// <exception cref="ConflictException">409 <c>images_not_processed</c>: libvips is missing.</exception>
    public Task<PreparedImage> CropAsync(byte[] content, string format, (int Left, int Top, int Width, int Height) part, int width, CancellationToken cancellationToken)
    {
        if (_vips.Value.Library is not { } vips)
        {
            throw new ConflictException("images_not_processed", Missing!);
        }

        return WorkAsync(
            () =>
            {
                var whole = vips.Read(content);
                try
                {
                    var cut = Finish(vips, vips.Cut(whole, part.Left, part.Top, part.Width, part.Height), format);
                    return width > 0 && width < cut.Width ? Finish(vips, vips.Shrink(cut.Content, width, 10 * MaxSide), cut.Format) : cut;
                }
                finally
                {
                    vips.Forget(whole);
                }
            },
            cancellationToken);
    }

    public void Dispose() => _places.Dispose();

    private static PreparedImage Finish(Libvips vips, nint image, string format)
    {
        try
        {
            var kind = format is "jpg" || (format is "webp" && !vips.HasAlpha(image)) ? "jpg" : "png";
            var bytes = vips.Save(image, kind is "jpg" ? ".jpg[Q=84,strip,interlace,optimize-coding]" : ".png[compression=8,strip]");
            return new PreparedImage(bytes, kind, vips.WidthOf(image), vips.HeightOf(image), IsOurs: true);
        }
        finally
        {
            vips.Forget(image);
        }
    }

    private async Task<PreparedImage> WorkAsync(Func<PreparedImage> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw new InvalidInputException("/file", "image_invalid", "The picture is broken: it cannot be read to its end.");
        }
        finally
        {
            _places.Release();
        }
    }
}
