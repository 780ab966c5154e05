// Runs before the page is drawn, so that a chosen theme never flashes.
const THEMES = ["system", "light", "dark"];
document.documentElement.dataset.theme = THEMES.find((theme) => theme === localStorage.getItem("theme")) ?? "system";
