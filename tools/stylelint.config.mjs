export default {
  extends: 'stylelint-config-standard',
  rules: {
    'selector-class-pattern': ['^(jp-|lm-)', { message: 'Classes begin with jp-' }],
    'selector-id-pattern': '^jp-',
    'custom-property-pattern': '^jp-',
    'color-no-hex': true,
    'color-named': 'never',
    'value-keyword-case': null
  }
};
