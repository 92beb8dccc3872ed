using Ark.Web.Tests.Channels;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>Alert channels, and who sees which customers, in a real browser.</summary>
public sealed class ChannelPageTests(PanamaProgram panama) : IClassFixture<PanamaProgram>
{
    private readonly List<string> _findings = [];

    [Fact]
    public async Task A_channel_is_made_tested_and_removed_and_an_account_gets_customers_by_name_and_a_department()
    {
        using var mail = new MailSink();
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await Looks.LaunchAsync(playwright);
        await using var context = await chromium.NewContextAsync(new() { Locale = "en-GB", BaseURL = panama.Url, ViewportSize = new() { Width = 1280, Height = 900 } });
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => _findings.Add($"an error on {page.Url}: {error}");
        await SetUpAsync(page);
        await MakeAsync(page, mail.Port);
        await TestAsync(page);
        await AccountAsync(page);

        await page.GotoAsync("/channels");
        await Looks.LiveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Duty mail", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Remove the channel “Duty mail”?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove for good" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Duty mail", Exact = true })).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Duty phone", Exact = true })).ToBeVisibleAsync();
        Assert.Empty(_findings);
    }

    private async Task SetUpAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("Set-up code").FillAsync(panama.SetUpCode);
        await page.GetByLabel("Account name").FillAsync("admin");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("correct horse battery");
        await page.GetByLabel("Password again").FillAsync("correct horse battery");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the first administrator" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Deployment tasks" }).WaitForAsync();
        await Looks.LiveAsync(page);
        foreach (var customer in (string[])["Harbour Shop", "Mountain Bank", "港口商城"])
        {
            await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Customers", Exact = true }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "New customer" }).ClickAsync();
            await FillAsync(page, "#field-name", customer);
            await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = customer, Exact = true }).WaitForAsync();
        }
    }

    private async Task MakeAsync(IPage page, int port)
    {
        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Alert channels", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New channel" }).ClickAsync();
        await FillAsync(page, "#field-name", "Duty phone");
        await FillAsync(page, "#field-settings-url", "http://169.254.169.254/send");
        await FillAsync(page, "#field-settings-headers", "Authorization: Bearer in-clear");
        await FillAsync(page, "#field-settings-body", """{"text": "{{ alert.summary }}"}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems-settings-url")).ToContainTextAsync("not allowed");
        await Assertions.Expect(page.Locator("#problems-settings-headers")).ToContainTextAsync("in clear");
        await Assertions.Expect(page.Locator("#problems-settings-body")).ToContainTextAsync("not JSON");
        await Looks.AtAsync(page, "channel-wrong", _findings);

        await FillAsync(page, "#field-settings-url", "https://sms.invalid/send?to=all");
        await FillAsync(page, "#field-settings-headers", "Authorization: Bearer {{ secret }}");
        await FillAsync(page, "#field-settings-body", """{"text": {{ alert.summary | json }}}""");
        await FillAsync(page, "#field-secret", "t0ken-of-the-gateway");
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = "Harbour Shop" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Duty phone", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-secret")).ToHaveValueAsync("");
        await Looks.AtAsync(page, "channel-sms", _findings);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "New channel" }).ClickAsync();
        await page.Locator("#field-kind").SelectOptionAsync("Mail");
        await FillAsync(page, "#field-name", "Duty mail");
        await FillAsync(page, "#field-settings-host", "localhost");
        await page.Locator("#field-settings-security").SelectOptionAsync("None");
        await FillAsync(page, "#field-settings-port", $"{port}");
        await FillAsync(page, "#field-settings-from", "ark@shop.example");
        await FillAsync(page, "#field-settings-recipients", "ops@shop.example\nduty@shop.example");
        await Looks.AtAsync(page, "channel-mail", _findings);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Duty mail", Exact = true }).WaitForAsync();
    }

    private async Task TestAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test alert to Duty mail" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("kept as 4711");
        await Looks.AtAsync(page, "channels", _findings);
        await page.GetByRole(AriaRole.Link, new() { Name = "中文" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "告警渠道" }).WaitForAsync();
        await Looks.LiveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "向 Duty phone 发送测试告警" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("未被接收");
        await Looks.AtAsync(page, "channels-zh", _findings);
        await page.GetByRole(AriaRole.Button, new() { Name = "Duty phone", Exact = true }).ClickAsync();
        await Looks.AtAsync(page, "channel-sms-zh", _findings);
        await page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Alert channels" }).WaitForAsync();
    }

    private async Task AccountAsync(IPage page)
    {
        await page.GotoAsync("/accounts");
        await Looks.LiveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "New account" }).ClickAsync();
        await FillAsync(page, "#field-name", "anna");
        await FillAsync(page, "#field-password", "another long sentence");
        await FillAsync(page, "#field-department", "Delivery North");
        await page.GetByLabel("Sees all customers").UncheckAsync();
        await page.GetByLabel("Search customers").FillAsync("bank");
        await Assertions.Expect(page.Locator("#customers-found")).ToHaveTextAsync("To choose from: 1");
        await page.GetByLabel("Search customers").PressAsync("Enter"); // saves nothing
        await page.GetByRole(AriaRole.Button, new() { Name = "Add Mountain Bank" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add 港口商城" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take away 港口商城" }).WaitForAsync();
        await Looks.AtAsync(page, "account-customers", _findings);
        await page.GetByRole(AriaRole.Button, new() { Name = "Take away 港口商城" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.Locator("#field-filter").SelectOptionAsync("Delivery North");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "admin", Exact = true })).ToHaveCountAsync(0);
        await Looks.AtAsync(page, "accounts-department", _findings);
        await page.GetByRole(AriaRole.Button, new() { Name = "anna", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take away Mountain Bank" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take away Harbour Shop" })).ToHaveCountAsync(0);
    }

    private static async Task FillAsync(IPage page, string field, string text)
    {
        await page.Locator(field).WaitForAsync();
        await Looks.LiveAsync(page);
        await page.Locator(field).FillAsync(text);
        await page.Locator(field).BlurAsync();
    }
}
