using MudBlazor;

namespace Ark.Web.Layout;

/// <summary>Colours with a contrast of 4.5:1 and more on their grounds, in both modes; fonts of the reader's own computer.</summary>
public static class ArkTheme
{
    private static readonly string[] Fonts = ["system-ui", "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight()
        {
            Primary = "#0b57a4", PrimaryContrastText = "#ffffff", Background = "#f6f8fb", Surface = "#ffffff", TextPrimary = "#1a2330", TextSecondary = "#46536a",
            AppbarBackground = "#12325a", AppbarText = "#ffffff", Error = "#b3261e", Warning = "#8a5300", Success = "#1b6e3c", Info = "#0b57a4", LinesInputs = "#6b7890",
        },
        PaletteDark = new PaletteDark()
        {
            Primary = "#8cc2ff", PrimaryContrastText = "#06203d", Background = "#10161f", Surface = "#18212d", TextPrimary = "#e8edf4", TextSecondary = "#b3c0d2",
            AppbarBackground = "#0b2240", AppbarText = "#ffffff", Error = "#ffb4ab", Warning = "#ffc671", Success = "#86d9a4", Info = "#8cc2ff", LinesInputs = "#8695ab",
            ErrorContrastText = "#410002", WarningContrastText = "#2b1700", SuccessContrastText = "#00210e",
        },
        Typography = new() { Default = new DefaultTypography { FontFamily = Fonts }, Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none" } },
        LayoutProperties = new() { DefaultBorderRadius = "6px" },
    };
}
