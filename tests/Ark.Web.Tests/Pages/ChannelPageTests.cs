using Ark.Web.Tests.Channels;
using Ark.Web.Tests.Hosts;
using Microsoft.Playwright;
using Xunit;

namespace Ark.Web.Tests.Pages;

/// <summary>Alert channels, and who sees which customers, in a real browser.</summary>
public sealed class ChannelPageTests(PanamaOnMariaDb panama, Chromium chromium) : IClassFixture<PanamaOnMariaDb>
{
    [Fact]
    public async Task A_channel_is_made_tested_and_removed_and_an_account_gets_customers_by_name_and_a_department()
    {
        using var mail = new MailSink();
        await using var user = await NewUser.ComeAsync(chromium, panama.Process);
        var page = user.Page;
        foreach (var customer in (string[])["Harbour Shop", "Mountain Bank", "港口商城"])
            await user.MakeCustomerAsync(customer);
        await MakeAsync(user, page, mail.Port);
        await TestAsync(user, page);
        await AccountAsync(user, page);

        await user.OpenAsync("/channels");
        await page.GetByRole(AriaRole.Button, new() { Name = "Duty mail", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Remove the channel “Duty mail”?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove for good" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Duty mail", Exact = true })).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Duty phone", Exact = true })).ToBeVisibleAsync();
        user.AssertNothingWrong();
    }

    private static async Task MakeAsync(NewUser user, IPage page, int port)
    {
        await user.GoAsync("Alert channels");
        await page.GetByRole(AriaRole.Button, new() { Name = "New channel" }).ClickAsync();
        await user.FillAsync("#field-name", "Duty phone");
        await user.FillAsync("#field-settings-url", "http://169.254.169.254/send");
        await user.FillAsync("#field-settings-headers", "Authorization: Bearer in-clear");
        await user.FillAsync("#field-settings-body", """{"text": "{{ alert.summary }}"}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problems-settings-url")).ToContainTextAsync("not allowed");
        await Assertions.Expect(page.Locator("#problems-settings-headers")).ToContainTextAsync("in clear");
        await Assertions.Expect(page.Locator("#problems-settings-body")).ToContainTextAsync("not JSON");
        await user.LookAsync("channel-wrong");

        await user.FillAsync("#field-settings-url", "https://sms.invalid/send?to=all");
        await user.FillAsync("#field-settings-headers", "Authorization: Bearer {{ secret }}");
        await user.FillAsync("#field-settings-body", """{"text": {{ alert.summary | json }}}""");
        await user.FillAsync("#field-secret", "t0ken-of-the-gateway");
        await page.Locator("#field-customerId").SelectOptionAsync(new SelectOptionValue { Label = "Harbour Shop" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Duty phone", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-secret")).ToHaveValueAsync("");
        await user.LookAsync("channel-sms");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "New channel" }).ClickAsync();
        await page.Locator("#field-kind").SelectOptionAsync("Mail");
        await user.FillAsync("#field-name", "Duty mail");
        await user.FillAsync("#field-settings-host", "localhost");
        await page.Locator("#field-settings-security").SelectOptionAsync("None");
        await user.FillAsync("#field-settings-port", $"{port}");
        await user.FillAsync("#field-settings-from", "ark@shop.example");
        await user.FillAsync("#field-settings-recipients", "ops@shop.example\nduty@shop.example");
        await user.LookAsync("channel-mail");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Duty mail", Exact = true }).WaitForAsync();
    }

    private static async Task TestAsync(NewUser user, IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test alert to Duty mail" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("kept as 4711");
        await user.LookAsync("channels");
        await user.ReadInAsync("中文", "告警渠道");
        await page.GetByRole(AriaRole.Button, new() { Name = "向 Duty phone 发送测试告警" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("未被接收");
        await user.LookAsync("channels-zh");
        await page.GetByRole(AriaRole.Button, new() { Name = "Duty phone", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-secret")).ToHaveValueAsync("");
        await user.LookAsync("channel-sms-zh");
        await user.ReadInAsync("English", "Alert channels");
    }

    private static async Task AccountAsync(NewUser user, IPage page)
    {
        await user.OpenAsync("/accounts");
        await page.GetByRole(AriaRole.Button, new() { Name = "New account" }).ClickAsync();
        await user.FillAsync("#field-name", "anna");
        await user.FillAsync("#field-password", "another long sentence");
        await user.FillAsync("#field-department", "Delivery North");
        await page.GetByLabel("Sees all customers").UncheckAsync();
        await page.GetByLabel("Search customers").FillAsync("bank");
        await Assertions.Expect(page.Locator("#customers-found")).ToHaveTextAsync("To choose from: 1");
        await page.GetByLabel("Search customers").PressAsync("Enter"); // saves nothing
        await page.GetByRole(AriaRole.Button, new() { Name = "Add Mountain Bank" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add 港口商城" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take away 港口商城" }).WaitForAsync();
        await user.LookAsync("account-customers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take away 港口商城" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.Locator("#field-filter").SelectOptionAsync("Delivery North");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "admin", Exact = true })).ToHaveCountAsync(0);
        await user.LookAsync("accounts-department");
        await page.GetByRole(AriaRole.Button, new() { Name = "anna", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take away Mountain Bank" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take away Harbour Shop" })).ToHaveCountAsync(0);
    }
}
