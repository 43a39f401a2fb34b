using System.Runtime.InteropServices;

namespace Millrace.Messaging.Images;

/// <summary>
/// The few functions of libvips that are called. Those that take a varying number of arguments are declared as they are used: names and values
/// in the registers and slots where the C side looks for them, ended by a null.
/// </summary>
internal sealed class Libvips
{
    private const string NpmPackage = "@img";
    private readonly Thumbnail _thumbnail;
    private readonly Open _open;
    private readonly Area _area;
    private readonly Write _write;
    private readonly Release _unref;
    private readonly Release _free;
    private readonly Message _error;
    private readonly Plain _clearError;
    private readonly Number _width;
    private readonly Number _height;
    private readonly Number _hasAlpha;

    private Libvips(nint library, string path)
    {
        Path = path;
        _thumbnail = Of<Thumbnail>("vips_thumbnail_buffer");
        _open = Of<Open>("vips_image_new_from_buffer");
        _area = Of<Area>("vips_extract_area");
        _write = Of<Write>("vips_image_write_to_buffer");
        _unref = Of<Release>("g_object_unref");
        _free = Of<Release>("g_free");
        _error = Of<Message>("vips_error_buffer");
        _clearError = Of<Plain>("vips_error_clear");
        _width = Of<Number>("vips_image_get_width");
        _height = Of<Number>("vips_image_get_height");
        _hasAlpha = Of<Number>("vips_image_hasalpha");
        if (Of<Start>("vips_init")("millrace") != 0)
        {
            throw new DllNotFoundException("libvips does not start.");
        }

        // Nothing but these four is ever decoded, whatever the bytes claim to be.
        var block = Of<Block>("vips_operation_block_set");
        block("VipsForeignLoad", 1);
        foreach (var loader in new[] { "VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadNsgif", "VipsForeignLoadWebp" })
        {
            block(loader, 0);
        }

        Of<Limit>("vips_cache_set_max")(0);
        Of<Limit>("vips_concurrency_set")(1);

        T Of<T>(string name)
            where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
    }

    private delegate int Start([MarshalAs(UnmanagedType.LPUTF8Str)] string program);

    private delegate void Block([MarshalAs(UnmanagedType.LPUTF8Str)] string operation, int isBlocked);

    private delegate void Limit(int number);

    private delegate void Plain();

    private delegate void Release(nint thing);

    private delegate nint Message();

    private delegate int Number(nint image);

    private delegate int Thumbnail(
        byte[] bytes, nint length, out nint image, nint width, [MarshalAs(UnmanagedType.LPUTF8Str)] string heightName, nint height,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string sizeName, nint size, [MarshalAs(UnmanagedType.LPUTF8Str)] string loaderName, [MarshalAs(UnmanagedType.LPUTF8Str)] string loader, nint end);

    private delegate nint Open(byte[] bytes, nint length, [MarshalAs(UnmanagedType.LPUTF8Str)] string options, nint end);

    private delegate int Area(nint image, out nint part, nint left, nint top, nint width, nint height, nint end);

    private delegate int Write(nint image, [MarshalAs(UnmanagedType.LPUTF8Str)] string suffix, out nint bytes, out nint length, nint end);

    public string Path { get; }

    /// <summary>Null and why, where there is no libvips to be found.</summary>
    public static (Libvips? Library, string? Missing) Find(string? configured)
    {
        foreach (var path in configured is { Length: > 0 } own ? [own] : Places())
        {
            if (NativeLibrary.TryLoad(path, out var library))
            {
                try
                {
                    return (new Libvips(library, path), null);
                }
                catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
                {
                    return (null, $"{path} is no libvips that can be used: {e.Message}");
                }
            }
        }

        return (null, configured is { Length: > 0 } ? $"There is no libvips at {configured}." : "libvips is not installed: Debian's package libvips42, or bin/up, brings it.");
    }

    /// <summary>The picture no larger than a box, turned the way its camera said.</summary>
    public nint Shrink(byte[] bytes, int width, int height)
    {
        const int onlyDown = 2;
        return _thumbnail(bytes, bytes.Length, out var image, width, "height", height, "size", onlyDown, "option_string", "[fail_on=error]", 0) == 0 ? image : throw Failure();
    }

    public nint Read(byte[] bytes) => _open(bytes, bytes.Length, "", 0) is var image and not 0 ? image : throw Failure();

    public nint Cut(nint image, int left, int top, int width, int height) =>
        _area(image, out var part, left, top, width, height, 0) == 0 ? part : throw Failure();

    /// <param name="suffix">Kind of file with its options, for example <c>.jpg[Q=85]</c>.</param>
    public byte[] Save(nint image, string suffix)
    {
        if (_write(image, suffix, out var bytes, out var length, 0) != 0)
        {
            throw Failure();
        }

        try
        {
            var copy = new byte[checked((int)length)];
            Marshal.Copy(bytes, copy, 0, copy.Length);
            return copy;
        }
        finally
        {
            _free(bytes);
        }
    }

    public int WidthOf(nint image) => _width(image);

    public int HeightOf(nint image) => _height(image);

    public bool HasAlpha(nint image) => _hasAlpha(image) != 0;

    public void Forget(nint image) => _unref(image);

    private InvalidDataException Failure()
    {
        var message = Marshal.PtrToStringUTF8(_error()) ?? "";
        _clearError();
        return new InvalidDataException(message.Split('\n')[0]);
    }

    private static IEnumerable<string> Places()
    {
        yield return "libvips.so.42";
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = System.IO.Path.Combine(at.FullName, "tools", "images", "node_modules", NpmPackage, $"sharp-libvips-linux-{architecture}", "lib");
            if (Directory.Exists(folder))
            {
                foreach (var file in Directory.EnumerateFiles(folder, "libvips-cpp.so*"))
                {
                    yield return file;
                }
            }
        }
    }
}
